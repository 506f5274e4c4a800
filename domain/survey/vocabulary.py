"""Words of answers in English, German, French, Spanish, Portuguese and Italian, folded.

Folded means: as `domain.folding.fold` leaves them, without accents and punctuation. All languages
are looked up at once, because people answer in another one than the one they were asked in.
"""

from domain.words import Grade


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NUMBERS: dict[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "zero null cero",
            "one eins un une uno una um uma",
            "two zwei zwo deux dos dois duas due",
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
    for word in words.split()
}
ALSO_SOMETHING_ELSE = _words(
    "null one un une uno una um uma dos due tres sept sei acht dix dez neuf"
)
"""Number words that are also articles and the like: numbers only where nothing else is said."""

STARS_AND_POINTS = _words(
    "star stars point points stern sterne sternen punkt punkte punkten etoile etoiles "
    "estrella estrellas punto puntos estrela estrelas ponto pontos stella stelle punti"
)
OUT_OF = frozenset(("of", "out of", "von", "sur", "de", "sobre", "em", "su", "out of a possible"))

COUNTED = _words(
    "second seconds sec minute minutes min mins hour hours hr hrs h day days night nights week "
    "weeks month months year years am pm oclock time times people persons person items item "
    "parcel parcels package packages order orders box boxes piece pieces ticket tickets question "
    "questions problem problems issue issues thing things more other others different missing "
    "percent broken wrong new calls call texts messages emails agents dollars euros "
    "pounds usd eur x "
    "sekunde sekunden minuten stunde stunden uhr tag tage tagen woche wochen monat monate monaten "
    "jahr jahre jahren mal personen leute artikel paket pakete pakete bestellung bestellungen "
    "stuck frage fragen probleme sachen weitere andere fehlende anrufe euro "
    "seconde secondes heure heures jour jours semaine semaines mois an ans annee annees fois "
    "personne personnes colis commande commandes article articles probleme autres "
    "segundo segundos minuto minutos hora horas dia dias semana semanas mes meses ano anos vez "
    "veces personas paquete paquetes pedido pedidos articulos pregunta preguntas problemas cosas "
    "mas otros otras vezes pessoas pacote pacotes encomenda encomendas itens artigos pergunta "
    "perguntas coisas outros outras "
    "secondo secondi minuti ora ore giorno giorni settimana settimane mese mesi anno anni volta "
    "volte persone pacco pacchi ordine ordini articolo articoli domanda domande problemi cose "
    "altri altre"
)
"""What a number in front of it counts: `2 weeks ago I ordered` rates nothing."""

NO_RATING_BEFORE = _words(
    "percent not no never dont isnt wasnt at since until till by before after around "
    "order number nr no "
    "call phone tel room flat gate step item line page version nicht kein keine nie um seit bis "
    "vor nach bestellung nummer telefon pas jamais depuis vers avant apres commande numero "
    "nunca desde hasta antes despues pedido nao ate depois non mai dalle alle prima dopo "
    "ordine"
)
"""In front of a number at the end they say that it rates nothing: `order 4`, `not a 5`."""

BUTS = _words(
    "but because however though although aber jedoch weil denn mais parce car pero porque aunque "
    "mas porem embora ma pero perche anche and und et y e"
)

FILLERS = _words(
    "i id we would give gave rate rated it its that this a an the was is my our rating answer "
    "score say would definitely definitively a solid maybe ich wir gebe gib es das war ist eine "
    "einen ein meine bewertung note je jy on donne mets cest cetait ca un une ma mon le la yo le "
    "doy pongo es fue mi nota un el eu dou foi e minha uma io do voto il mio per me for"
)
"""Around an answer they add nothing to it."""

OPENINGS = (
    *("it was", "it is", "its", "that was", "this was", "everything was", "all", "service was"),
    *("the service was", "es war", "war", "das war", "alles war", "alles", "cetait", "cest"),
    *("tout etait", "tout est", "fue", "ha sido", "todo", "todo fue", "estuvo", "foi", "tudo"),
    *("tudo foi", "estava", "e stato", "e stata", "era", "tutto", "e"),
)
"""What an answer in words may begin with: `it was great`."""

PLEASANTRIES = _words(
    "thanks thank you thx ty very much so service job work support help agent danke schon sehr "
    "vielen dank service merci beaucoup bien gracias muchas muy amable servicio obrigado obrigada "
    "muito servico grazie mille molto servizio indeed really wirklich vraiment de verdade "
    "davvero"
)
"""After an answer in words they leave it what it is: `great service, thanks`."""

NO_ANSWERS = frozenset(
    (
        *("no thanks", "no thank you", "no thx", "nein danke", "non merci", "no gracias"),
        *("nao obrigado", "nao obrigada", "no grazie", "no idea", "no comment"),
    )
)

NOT_YES_OR_NO = _words("one body idea thanks problem problems matter way wonder")
"""After `no` they make it mean something else: `no one came`."""

GREETINGS = frozenset(
    (
        *("hello", "hi", "hey", "hello there", "hi there", "hey there", "good morning"),
        *("good afternoon", "good evening", "good day", "anybody there", "anyone there"),
        *("hallo", "guten tag", "guten morgen", "guten abend", "moin", "servus", "gruss gott"),
        *("bonjour", "bonsoir", "salut", "hola", "buenos dias", "buenas tardes", "buenas noches"),
        *("buenas", "ola", "oi", "bom dia", "boa tarde", "boa noite", "ciao", "buongiorno"),
        *("buonasera", "salve", "hello hello", "hello anybody there", "hello is anyone there"),
    )
)

GRADES: dict[str, Grade] = {
    phrase.strip(): grade
    for grade, phrases in {
        Grade.terrible: "terrible, horrible, awful, worst, the worst, very bad, really bad, "
        "very poor, useless, disgusting, disaster, a disaster, unacceptable, pathetic, "
        "schrecklich, furchtbar, katastrophe, eine katastrophe, katastrophal, sehr schlecht, "
        "grauenhaft, miserabel, mangelhaft, ungenugend, horrible, affreux, nul, tres mauvais, "
        "catastrophique, tres mal, lamentable, inadmissible, muy malo, muy mala, muy mal, pesimo, "
        "pesima, fatal, horroroso, pessimo, pessima, pessimamente, muito ruim, muito mau, "
        "muito mal, horrivel, terrivel, orribile, terribile, molto male, disastro, "
        "un disastro, scandaloso",
        Grade.bad: "bad, poor, not good, not great, not happy, unhappy, unsatisfied, dissatisfied, "
        "disappointed, disappointing, not satisfied, schlecht, nicht gut, nicht zufrieden, "
        "unzufrieden, enttauscht, mauvais, mauvaise, mal, pas bien, pas bon, pas content, "
        "pas satisfait, pas satisfaite, decu, decue, insatisfait, pas terrible, malo, mala, "
        "no bien, no satisfecho, insatisfecho, insatisfecha, ruim, mau, nao gostei, nao foi bom, "
        "insatisfeito, insatisfeita, cattivo, cattiva, male, scarso, scarsa, insoddisfatto, "
        "insoddisfatta, non buono, non bene, deluso, delusa",
        Grade.fair: "ok, okay, fair, average, so so, not bad, neutral, acceptable, mediocre, meh, "
        "in ordnung, geht so, mittel, mittelmassig, nicht schlecht, befriedigend, naja, moyen, "
        "moyenne, pas mal, correct, passable, comme ci comme ca, regular, normal, mas o menos, "
        "aceptable, no esta mal, mais ou menos, razoavel, medio, media, discreto, cosi cosi, "
        "sufficiente, non male, nella media, neutro, neutral",
        Grade.good: "good, nice, well, very well, fine, happy, satisfied, helpful, pretty good, "
        "quite good, gut, ganz gut, zufrieden, bon, bonne, bien, content, contente, satisfait, "
        "satisfaite, assez bien, plutot bien, bueno, buena, bastante bien, satisfecho, satisfecha, "
        "contento, contenta, bom, boa, bem, satisfeito, satisfeita, gostei, buono, buona, bene, "
        "soddisfatto, soddisfatta",
        Grade.excellent: "excellent, great, perfect, awesome, amazing, fantastic, wonderful, "
        "brilliant, outstanding, superb, very good, very happy, very satisfied, very helpful, "
        "really good, the best, best, super, top, love it, loved it, sehr gut, ausgezeichnet, "
        "hervorragend, perfekt, fantastisch, toll, klasse, grossartig, spitze, sehr zufrieden, "
        "wunderbar, prima, tres bien, tres bon, tres satisfait, tres satisfaite, parfait, "
        "parfaite, excellente, genial, geniale, formidable, impeccable, muy bueno, muy buena, "
        "muy bien, excelente, perfecto, perfecta, estupendo, estupenda, fantastico, fantastica, "
        "maravilloso, increible, muy satisfecho, muy satisfecha, muito bom, muito boa, muito bem, "
        "otimo, otima, perfeito, perfeita, maravilhoso, maravilhosa, nota dez, eccellente, ottimo, "
        "ottima, perfetto, perfetta, molto bene, molto buono, bravissimi, meraviglioso, magnifico",
        Grade.no: "no, nope, nah, not yet, not really, not at all, nein, ne, nee, noch nicht, "
        "leider nein, leider nicht, nicht wirklich, non, pas encore, pas du tout, pas vraiment, "
        "todavia no, aun no, para nada, nao, ainda nao, nada, non ancora, per niente, unresolved, "
        "not resolved",
        Grade.yes: "yes, y, yep, yeah, yup, sure, of course, absolutely, definitely, ja, jawohl, "
        "klar, ja klar, genau, naturlich, oui, ouais, bien sur, tout a fait, si, claro, por "
        "supuesto, claro que si, sim, claro que sim, com certeza, certo, certamente, resolved, "
        "solved, gelost, resolu, resuelto, resolvido, risolto",
    }.items()
    for phrase in phrases.split(",")
}
"""Answers in words. A phrase is looked for as a whole at the beginning of a text."""

GRADES_OF_SYMBOLS: dict[str, Grade] = {
    symbol: grade
    for grade, symbols in {
        Grade.terrible: "😡🤬😠🤮😤😭💩",
        Grade.bad: "👎🙁☹😞😕😟😒😢😔",
        Grade.fair: "😐😑😶🤷🫤",
        Grade.good: "👍🙂😀😊☺👌😃😄😁",
        Grade.excellent: "😍🤩🥰❤💯🏆💖😻",
        Grade.no: "❌🚫",
        Grade.yes: "✅☑✔",
    }.items()
    for symbol in symbols
}
