"""Grades in words and emoji, and words that strengthen, weaken or reverse them."""

from domain.survey.kinds import Grade
from domain.survey.vocabulary.sets import phrases, words

WORDS: dict[str, Grade] = {
    word: grade
    for grade, same in {
        Grade.terrible: "terrible horrible awful worst useless disgusting disaster "
        "unacceptable pathetic appalling dreadful atrocious rubbish crap shit schrecklich "
        "furchtbar katastrophe katastrophal grauenhaft miserabel mangelhaft ungenugend "
        "unverschamt grottig beschissen scheisse affreux affreuse nul nulle nullissime "
        "catastrophique lamentable inadmissible honteux pesimo pesima malisimo malisima fatal "
        "horroroso horrorosa pessimo pessima pessimamente horrivel terrivel lamentavel "
        "orribile terribile disastro disastroso disastrosa vergognoso vergognosa scandaloso "
        "schlechteste peor peggiore pior",
        Grade.bad: "bad poor unhappy unsatisfied dissatisfied disappointed disappointing "
        "unhelpful schlecht schlechte schlechter schlechtes schlechten unzufrieden enttauscht "
        "enttauschend unfreundlich mauvais mauvaise mal decu decue decevant decevante "
        "insatisfait insatisfaite malo mala insatisfecho insatisfecha decepcionado "
        "decepcionada decepcionante ruim mau insatisfeito insatisfeita desiludido desiludida "
        "cattivo cattiva male scarso scarsa insoddisfatto insoddisfatta deluso delusa "
        "deludente",
        Grade.fair: "average mediocre meh neutral neutro acceptable passable mittel "
        "mittelmassig durchschnittlich befriedigend naja moyen moyenne bof mitige regular "
        "normal aceptable razoavel medio media aceitavel discreto discreta sufficiente",
        Grade.good: "aimable gentil gentille amable amables simpatico good nice happy "
        "satisfied helpful friendly kind polite pleasant lovely gud gut gute guter gutes guten "
        "zufrieden hilfreich freundlich nett nette netter bon bonne bien content contente "
        "satisfait satisfaite bueno buena buen satisfecho satisfecha contento contenta "
        "simpatica bom boa bem satisfeito satisfeita gostei contente buono buona buon bene "
        "soddisfatto soddisfatta gentile gentili cortese bravo brava bravi brave",
        Grade.excellent: "excellent excelent exellent excellant great gr8 perfect awesome "
        "amazing fantastic wonderful brilliant outstanding superb exceptional fabulous "
        "flawless ausgezeichnet hervorragend perfekt perfekte perfekter fantastisch toll tolle "
        "toller tolles klasse grossartig spitze spitzenmassig wunderbar prima super mega top "
        "bestens tadellos einwandfrei parfait parfaite excellente genial geniale bravissime "
        "gentilissima gentilissimo gentilissimi encantado encantada formidable impeccable "
        "nickel merveilleux extra excelente perfecto perfecta estupendo estupenda fantastico "
        "fantastica maravilloso maravillosa increible impecable magnifico magnifica "
        "inmejorable buenisimo buenisima otimo otima perfeito perfeita maravilhoso maravilhosa "
        "incrivel impecavel adorei eccellente spitzenklasse ottimo ottima perfetto perfetta "
        "bravissimi bravissima bravissimo meraviglioso meravigliosa impeccabile buonissimo "
        "benissimo",
    }.items()
    for word in same.split()
}

PHRASES: dict[str, Grade] = {
    phrase: grade
    for grade, same in {
        Grade.terrible: "the worst, worst ever, the worst ever, a disaster, eine katastrophe, "
        "worst service ever, worst experience ever, zero pointe, das letzte, unter aller sau, "
        "une catastrophe, lo peor, un desastre, o pior, um desastre, un disastro, il peggiore, "
        "waste of time, never again, nie wieder, no me gusto nada, nao gostei nada, plus "
        "jamais, nunca mas, nunca mais, mai piu, das schlechteste, die schlechteste",
        Grade.bad: "no good, not the best, not up to much, pas terrible, no bien, nao gostei, "
        "non mi e piaciuto, non mi is piaciuto, no me gusto, nao foi bom, poco satisfecho, "
        "poco satisfecha, pouco satisfeito, pouco satisfeita, poco soddisfatto, poco "
        "soddisfatta, peu satisfait, peu satisfaite, weniger gut, non buono, non bene, could "
        "be better than that",
        Grade.fair: "so so, fifty fifty, ganz ok, ganz okay, ganz in ordnung, ging so, pretty "
        "ok, quite ok, just ok, just okay, only ok, geht so, so lala, nicht perfekt, not "
        "perfect, pas parfait, comme ci comme ca, mas o menos, no esta mal, ni bien ni mal, "
        "nada mal, mais ou menos, assim assim, cosi cosi, nella media, not terrible, ok "
        "service, okay service",
        Grade.good: "no complaints, no complaint, nothing to complain about, keine "
        "beanstandungen, keine beschwerden, nichts auszusetzen, nichts zu meckern, kann nicht "
        "klagen, aucun reproche, rien a redire, rien at redire, rien a dire, rien at dire, sin "
        "quejas, sin queja, ninguna queja, ninguna pega, sem queixas, sem reclamacoes, nada a "
        "apontar, nessuna lamentela, nessun reclamo, niente da dire, nulla da dire, hat mir "
        "gefallen, mir hat alles gut gefallen, hat mir gut gefallen, alles gut gelaufen, "
        "thumbs up, daumen hoch, pouce en lair, pulgar arriba, polegar para cima, pollice in "
        "su",
        Grade.excellent: "the best, the best ever, best service ever, best experience ever, "
        "love it, loved it, i love it, i loved it, top notch, first class, five star service, "
        "would recommend, highly recommend, highly recommended, i would recommend, "
        "recommended, could not be better, couldnt be better, cant complain at all, two thumbs "
        "up, die besten, das beste, der beste, die beste, ihr seid spitze, mir hat alles sehr "
        "gut gefallen, zwei daumen hoch, sehr empfehlenswert, sehr zu empfehlen, au top, les "
        "meilleurs, le meilleur, la meilleure, rien de mieux, je recommande, deux pouces en "
        "lair, de 10, de diez, los mejores, lo mejor, el mejor, la mejor, me encanto, me "
        "encanta, nota dez, nota 10, os melhores, o melhor, a melhor, amei, recomendo, nota "
        "maxima, gostei muito, me gusto mucho, adorei o atendimento, hat alles super geklappt, "
        "i migliori, il migliore, la migliore, il top, mi e piaciuto molto, mi is piaciuto "
        "molto",
        Grade.no: "no, nope, nah, not yet, not really, not at all, nein, ne, nee, noch nicht, "
        "leider nein, leider nicht, nicht wirklich, non, pas encore, pas du tout, pas "
        "vraiment, todavia no, aun no, para nada, nao, ainda nao, nada, non ancora, per "
        "niente, unresolved, not resolved, not solved",
        Grade.yes: "yes, y, yep, yeah, yup, sure, of course, absolutely, definitely, ja, "
        "jawohl, klar, ja klar, genau, naturlich, oui, ouais, bien sur, tout at fait, tout a "
        "fait, si, claro, por supuesto, claro que si, sim, claro que sim, com certeza, certo, "
        "certamente, resolved, solved, gelost, resolu, resuelto, resolvido, risolto",
    }.items()
    for phrase in phrases(same)
} | {
    "thumbs down": Grade.bad,
    "daumen runter": Grade.bad,
    "two thumbs down": Grade.terrible,
}

ONLY_AFTER_AN_OPENING: dict[str, Grade] = {
    "ok": Grade.fair,
    "okay": Grade.fair,
    "all right": Grade.fair,
    "alright": Grade.fair,
    "in ordnung": Grade.fair,
    "correct": Grade.fair,
    "fine": Grade.good,
    "okay i guess": Grade.fair,
    "ok i guess": Grade.fair,
    "good": Grade.good,
}
"""`ok` acknowledges, `it was ok` rates."""
BESIDE_A_NUMBER: dict[str, Grade] = {
    **dict.fromkeys(phrases("all good, alles gut, tudo bem, tutto bene, todo bien"), Grade.good),
    **dict.fromkeys(phrases("ok, okay, in ordnung, all right, alright"), Grade.fair),
}
"""Grades that only acknowledge when they stand alone."""

YES_OR_NO = frozenset({Grade.yes, Grade.no})
POSITIONS = {
    **{Grade.terrible: 0.0, Grade.bad: 0.25, Grade.fair: 0.5, Grade.good: 0.75},
    **{Grade.excellent: 1.0, Grade.no: 0.0, Grade.yes: 1.0},
}
"""Position of each grade on any scale, from 0 for the worst step to 1 for the best."""

VERY = words(
    "very really so extremely absolutely super totally completely incredibly truly too most "
    "sehr voll vollkommen rundum wirklich echt total absolut ausserst mega richtig tres "
    "vraiment super tellement trop muy realmente super tan muito mesmo super molto davvero "
    "veramente proprio"
)
QUITE = words(
    "quite pretty fairly rather mostly generally ganz ziemlich recht einigermassen assez "
    "plutot bastante relativamente abbastanza piuttosto especially particularly besonders "
    "particulierement"
)
NOT = words(
    "not isnt wasnt werent arent never nicht kein keine nie pas ne ni no non nao never hardly "
    "nunca jamais mai nada"
)
AT_ALL_BEFORE = phrases(
    "not at all, uberhaupt nicht, gar nicht, pas du tout, para nada, nada, per niente, not "
    "even remotely"
)
AT_ALL_AFTER = phrases("at all, du tout, en absoluto, de todo")

OPENINGS = phrases(
    "it was, it is, its, it went, that was, this was, everything was, everything is, all, "
    "service was, the service was, the service is, your service was, my experience was, the "
    "support was, support was, i am, im, i was, we are, we were, i feel, you were, you are, i "
    "am just, it was just, it was all, it was only, overall, overall it was, honestly, es war, "
    "war, das war, alles war, alles, es ist, war alles, der service war, service war, ich bin, "
    "bin, ich war, wir sind, wir waren, insgesamt, cetait, cest, tout etait, tout est, le "
    "service etait, service, je suis, nous sommes, jetais, on est, cetait vraiment, fue, ha "
    "sido, todo, todo fue, todo estuvo, estuvo, el servicio fue, estoy, estoy, quede, todo ha "
    "sido, la atencion fue, no estoy, foi, tudo, tudo foi, estava, o atendimento foi, estou, "
    "fiquei, o servico foi, nao estou, e stato, e stata, era, tutto, e, e andata, e andato, il "
    "servizio e stato, is stato, is stata, is, is andata, is andato, il servizio is stato, "
    "sono, sono stato, sono rimasto, non sono, servizio, nao foi, no fue, je ne suis, non e "
    "stato, non is stato"
)
"""Phrases that may begin an answer in words: `it was great`."""
NEGATED_OPENINGS = phrases(
    "no estoy, nao estou, non sono, nao foi, no fue, non e stato, non is stato"
)

NOUNS = words(
    "service services support help job work experience assistance customer care team beratung "
    "hilfe arbeit kundenservice kundendienst betreuung erfahrung aide travail accueil servicio "
    "atencion ayuda trabajo experiencia servico atendimento ajuda trabalho experiencia suporte "
    "servizio assistenza aiuto lavoro esperienza assistance everything"
)
"""Nouns that a grade may describe: `great service`."""
SUBJECTS = OPENINGS | NOUNS
LINKS = phrases(
    "with the, with your, with my, with, with this, in general, from the, mit dem, mit der, "
    "mit, avec le, avec votre, du, con el, con su, com o, com a, con il, del, de votre"
)

SYMBOLS: dict[str, Grade] = {
    symbol: grade
    for grade, same in {
        Grade.terrible: "😡🤬😠🤮😤😭💩",
        Grade.bad: "👎🙁☹😞😕😟😒😢😔",
        Grade.fair: "😐😑😶🤷🫤",
        Grade.good: "👍🙂😀😊☺👌😃😄😁",
        Grade.excellent: "😍🤩🥰❤💯🏆💖😻",
        Grade.no: "❌🚫",
        Grade.yes: "✅☑✔",
    }.items()
    for symbol in same
}
DECORATION = frozenset(
    "🙏🎉✨👏🙌💪😅😂🤣😆😉😎🤗🥳🌹💐♡♥🧡💛💚💙💜🖤🤍💕💗💓🔥🙄😬😇😌😘👋🤝🥹🤔✌🎊🌈☀🌞♂♀"
)
"""Emoji that mean nothing beside a rating. A number may count any other emoji."""
