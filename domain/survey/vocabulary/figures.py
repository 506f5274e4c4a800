"""Numbers in words, and what makes a number a rating: `stars`, `out of 5`, `I'd give it a`."""

from domain.survey.vocabulary.sets import phrases, words

NUMBERS: dict[str, int] = {
    word: number
    for number, same in enumerate(
        (
            "zero null cero",
            "one eins un une uno una um uma",
            "two zwei zwo deux dos dois due duas",
            "three drei trois tres tre",
            "four vier quatre cuatro quatro quattro",
            "five funf fuenf cinq cinco cinque",
            "six sechs seis sei",
            "seven sieben sept siete sete sette",
            "eight acht huit ocho oito otto",
            "nine neun neuf nueve nove",
            "ten zehn dix diez dez dieci",
        )
    )
    for word in same.split()
}
IDEOGRAPHS = {character: number for number, character in enumerate("〇一二三四五六七八九十")}
IDEOGRAPHIC_STARS = "星分"
ALSO_SOMETHING_ELSE = words(
    "null one un une uno una um uma due dos tres sept sei acht dix dez neuf nove"
)
"""Number words that are also articles and the like; they are numbers only when alone."""
ARTICLES = words("ein eine einen")
"""Articles that are a 1 only in phrases such as `ein Stern`."""
SOUNDS = words("um")
"""Number words that are also a sound of hesitation; they are numbers only when alone."""

STARS_AND_POINTS = words(
    "star stars point points stern sterne sternen punkt punkte punkten etoile etoiles estrella "
    "estrellas punto puntos estrela estrelas ponto pontos stella stelle punti"
) | words("星 分")
STARS = words("star stars stern sterne sternen etoile etoiles estrella estrellas stella stelle")
OUT_OF = phrases("/, of, out of, von, sur, de, sobre, em, su, out of a possible")
BASES = (5, 10, 100)
"""`8 out of 10` is read by proportion; another number behind `out of` may be a date."""

LEADS = (
    # English
    "[HEDGE] a|an [SOLID]",
    "[HEDGE] [its|thats] a|an [SOLID]",
    "[HEDGE] it|that is|was a|an [SOLID]",
    "[HEDGE] [i|we|im] [WOULD] [HEDGE] give|gave|giving|rate|rated|score [IT] [guys|all] [a|an] "
    "[SOLID]",
    "[HEDGE] [i|we] [would|id|wed] say|go [with] [its] [a|an] [SOLID]",
    "[HEDGE] i think|guess [its] [a|an] [SOLID]",
    "[all] [in] [all] a|an [SOLID]",
    "you get|deserve|earned [a|an] [SOLID]",
    "u|they|she|he get|gets|deserve|deserves|earned a|an [SOLID]",
    "[im] gonna say|give [IT] [a|an]",
    "[a] well deserved",
    "solid|strong|definite",
    "hmm|hm|hmmm|well|euh|naja|tja|pues",
    "sorry|desole|desolee|desculpe|scusate but|mais|mas|ma [its|cest] [a|un]",
    "unfortunately|leider|malheureusement|desgraciadamente|infelizmente|purtroppo [a|eine|un|um]",
    "it|this deserves a|an [SOLID]",
    "[my|our] rating|score|rate|answer [is|was|would] [be] [a|an] [SOLID]",
    "number|nummer|numero",
    "maybe|probably|perhaps|definitely|absolutely|honestly|overall|vielleicht|eindeutig|"
    "definitiv|insgesamt|franchement|quizas|quiza|definitivamente|talvez|forse|sicuramente",
    # German
    "[HEDGE] eine|ne|einen|ein [SOLID]",
    "[HEDGE] [ich|wir] gebe|geb|geben|gab|vergebe|sage|sag [EUCH] [eine|ne] [SOLID]",
    "[HEDGE] [ich|wir] wurde|wurden [EUCH] [eine|ne] [SOLID]",
    "[HEDGE] von mir|uns [gibts|gibt|bekommt|kriegt] [es|ihr] [eine|ne] [SOLID]",
    "[meine] bewertung|wertung [ist|ware] [eine] [SOLID]",
    "es ist|war|ware eine [SOLID]",
    "[ich|wir] wurde|wurden sagen [eine]",
    "[ich] denke|glaube|finde [eine]",
    "eher [eine]",
    "tut mir leid aber [eine]",
    "ganz klar [eine]",
    "klare|glatte|volle",
    # French
    "[HEDGE] un|une [SOLID]",
    "[HEDGE] [je|on] [VOUS] donne|mets|donnerais|mettrais [un|une|la] [note] [de] [SOLID]",
    "[HEDGE] je dirais|dirai|dis [un|une] [SOLID]",
    "cest|cetait un|une [SOLID]",
    "plutot [un|une]",
    "[je] pense|crois [que] [un|une]",
    "peut etre [un|une]",
    "sans doute [un|une]",
    "[ma|la] note [est|serait] [un|de] [SOLID]",
    # Spanish
    "[HEDGE] [yo] le|les|os|te|lo doy|pongo|daria|pondria [un|una] [SOLID]",
    "[HEDGE] [yo] doy|pongo|daria|pondria|diria [que] [un|una] [SOLID]",
    "es|fue un [SOLID]",
    "[yo] creo|pienso [que] [un]",
    "lo siento pero [un]",
    "tal vez [un]",
    "[mi|la] nota|puntuacion|calificacion|valoracion [es|seria] [un|de] [SOLID]",
    # Portuguese
    "[HEDGE] [eu] [vos|lhe|lhes] dou|daria|diria [nota] [um|uma] [SOLID]",
    "[eu] acho|penso [que] [um]",
    "talvez um|uma [SOLID]",
    "[a] [minha] nota|avaliacao [is|e|seria|foi] [um] [SOLID]",
    # Italian
    "[HEDGE] [io] [vi|gli|le|ti] do|darei|metto|direi [un|uno] [SOLID]",
    "[io] penso|credo [un]",
    "mi dispiace ma [un]",
    "[il] [mio] voto [is|e|sarebbe] [un] [SOLID]",
)
"""Phrases that mark the number behind them as a rating. `[x|y]`: x, y or nothing; `x|y`: x or y."""
GROUPS = {
    "HEDGE": "maybe|probably|perhaps|definitely|absolutely|honestly|overall|simply|clearly|easily|"
    "just|also|vielleicht|wahrscheinlich|klar|eindeutig|definitiv|ehrlich|insgesamt|"
    "franchement|quizas|quiza|definitivamente|talvez|forse|sicuramente",
    "WOULD": "would|will|can|id|ill|wed",
    "IT": "it|you|this|that|them|him|her",
    "EUCH": "euch|ihnen|dir|ihm|ihr|dafur",
    "VOUS": "vous|lui|leur|te",
    "SOLID": "solid|strong|clear|full|easy|big|good|weak|perfect|glatte|klare|gute|volle|starke|"
    "solide|knappe|bon|beau|gros|grand|solido|buen|claro|bom|bel|buon|pieno",
}
BARE_LEADS = words("a an eine ne einen ein un une um uma number nummer numero its thats all in")
"""A lead of only these words does not mark a rating at the end of a comment."""

DESERVES = (
    "gets|deserves|earned|bekommt|verdient|kriegt|merite|merece|merita|recebe a|an|eine|un|une|um "
    "[SOLID]",
)
"""Leads behind a name: `Ann deserves a 5`."""

TAILS = phrases(
    "definitely, absolutely, maybe, probably, as always, as usual, vielleicht, wahrscheinlich, "
    "definitiv, peut etre, surement, quizas, talvez, forse, "
    "of course, no doubt, without a doubt, hands down, all the way, i suppose, rating, sorry, im "
    "sorry, sorry to say, im afraid, unfortunately, naturlich, auf jeden fall, ohne zweifel, "
    "leider, tut mir leid, bien sur, sans hesiter, sans aucun doute, malheureusement, desole, "
    "desolee, por supuesto, sin duda, lo siento, desgraciadamente, com certeza, sem duvida, "
    "infelizmente, desculpe, certo, senza dubbio, purtroppo, mi dispiace, "
    "from me, from us, from my side, for me, for sure, overall, all in all, i guess, i think, "
    "i would say, id say, would be my rating, is my rating, is my score, for the service, for "
    "your service, for service, for the support, for the help, von mir, von uns, fur mich, "
    "insgesamt, geben, sagen, vergeben, wurde ich sagen, sage ich, gebe ich, fur den service, "
    "pour moi, de ma part, pour le service, para mi, de mi parte, por el servicio, para mim, "
    "da minha parte, pelo atendimento, per me, da parte mia, per il servizio"
)
"""Phrases after a number with which it is still a rating."""
FOR = words("for from fur von pour de por para per pela pelo")
"""Words after stars that say for whom: `5 stars for Ann`."""

COUNTED = words("extra mal male regular normal medio media average neutral klasse")
COUNTING = words("regular normal extra klasse top super mega prima")
"""Grades that mean something else next to a number: `3 mal`, `top 10`."""
COUNTED_APART = words("half halb halbe demi medio media meio mezzo mezza quarter")
"""Words behind an `and` that change the number: `5 and a half` is not 5."""
UNITS = words(
    "today tonight tomorrow morgen heute demain manana amanha domani pm am uhr h min mins "
    "minutes hours days weeks months years january february march april may june july august "
    "september october november december januar februar marz mai juni juli oktober dezember "
    "janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre enero "
    "febrero marzo mayo junio julio agosto septiembre octubre noviembre diciembre janeiro "
    "fevereiro marco maio junho julho setembro outubro novembro dezembro gennaio febbraio "
    "aprile maggio giugno luglio settembre ottobre dicembre monday tuesday wednesday thursday "
    "friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag size "
    "grosse taille talla tamanho taglia"
)
"""Words after a number, even behind a dot or a comma, that make it a date or a measure."""
ORDINALS = words("klasse mal stock etage")
"""The same, but only behind a dot: `3. Mal`."""
