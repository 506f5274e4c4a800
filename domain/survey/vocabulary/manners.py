"""Courtesies: thanks, greetings, farewells, acknowledgements, and what phones write themselves."""

from domain.survey.vocabulary.sets import phrases, words

THANKS = phrases(
    "thanks, thank you, thank u, thankyou, thx, tks, ty, tysm, cheers, many thanks, thanks "
    "again, thank you again, much appreciated, appreciated, appreciate it, i appreciate it, "
    "danke, danke schon, dankeschon, danke sehr, vielen dank, vielen lieben dank, herzlichen "
    "dank, besten dank, tausend dank, lieben dank, merci, merci beaucoup, merci bien, un grand "
    "merci, mille mercis, gracias, muchas gracias, mil gracias, muchisimas gracias, obrigado, "
    "obrigada, muito obrigado, muito obrigada, obg, valeu, grazie, grazie mille, grazie tante, "
    "mille grazie, molte grazie, ti ringrazio, vi ringrazio"
)
THANKS_MORE = words(
    "so very much a lot again indeed really kindly all everyone everybody guys team folks you "
    "sir madam dear schon sehr nochmals ihnen euch dir alle beaucoup bien encore infiniment a "
    "tous mille muchas por todo de verdad mesmo tante davvero tutti voi"
)
THANKS_FOR = words("for fur pour de por pela pelo per di dell della del for")
OF_WHAT = 12
"""Words after `thanks for`."""
NAMES = 2
"""Words of a name after `thanks`."""

DECLINING = words("no nein non nao")
OKS = phrases(
    "ok, okay, okey, oki, okie, k, kk, o k, ok then, okay then, alright, alright then, all "
    "right, all right then, will do, noted, got it, understood, i understand, i see, fair "
    "enough, sounds good, cool, no problem, no probs, np, no worries, no prob, you are "
    "welcome, youre welcome, my pleasure, copy that, roger, right, all good, its all good, "
    "never mind, nevermind, not now, no need, dont bother, no thanks, no thank you, no thx, "
    "all done, done, perfect timing thanks, alles klar, in ordnung, passt, passt schon, mach "
    "ich, mache ich, machen wir, wird gemacht, verstanden, alles gut, kein problem, kein "
    "thema, keine ursache, gerne, gern geschehen, gern, jo, einverstanden, nein danke, nicht "
    "notig, schon gut, bitte schon, geht klar, daccord, entendu, compris, ca marche, bien "
    "recu, tres bien recu, recu, cest note, note, pas de souci, pas de soucis, pas de "
    "probleme, de rien, je vous en prie, non merci, vale, de acuerdo, entendido, recibido, "
    "bien recibido, listo, esta bien, no hay problema, de nada, no gracias, anotado, sin "
    "problema, esta bem, ta bom, ta bem, tudo bem, combinado, tudo certo, beleza, blz, certo "
    "obrigado, certo obrigada, recebido, nao ha problema, sem problema, sem problemas, nao "
    "obrigado, nao obrigada, va bene, capito, ricevuto, certo grazie, nessun problema, non ce "
    "problema, di niente, prego, no grazie, daccordo, a posto, a posto cosi, tutto ok, tutto a "
    "posto, inteso"
)
GREETINGS = phrases(
    "hello, hi, hey, hiya, howdy, hello there, hi there, hey there, good morning, good "
    "afternoon, good evening, good day, morning, dear all, hallo, guten tag, guten morgen, "
    "guten abend, moin, moin moin, servus, gruss gott, gruezi, hallo zusammen, bonjour, "
    "bonsoir, salut, coucou, hola, buenos dias, buen dia, buenas tardes, buenas noches, "
    "buenas, ola, oi, bom dia, boa tarde, boa noite, ciao, buongiorno, buonasera, buona sera, "
    "salve"
)
FAREWELLS = phrases(
    "bye, bye bye, goodbye, good bye, good night, goodnight, have a good day, have a nice day, "
    "have a great day, have a lovely day, have a good one, have a good weekend, have a nice "
    "weekend, have a great weekend, and have a good day, and have a nice day, have a good "
    "evening, have a nice evening, take care, see you, see ya, see you soon, talk later, "
    "later, you too, same to you, good luck, best of luck, best regards, kind regards, "
    "regards, best wishes, warm regards, yours sincerely, xx, xxx, tschuss, tschau, bis dann, "
    "bis bald, bis spater, schonen tag, schonen tag noch, einen schonen tag, schones "
    "wochenende, schonen abend, schonen feierabend, ihnen auch, dir auch, gute nacht, "
    "gleichfalls, ebenso, viele grusse, liebe grusse, beste grusse, mit freundlichen grussen, "
    "freundliche grusse, mfg, lg, vg, alles gute, auf wiedersehen, at bientot, at plus, at "
    "plus tard, at vous aussi, au revoir, bonne journee, bonne soiree, bon week end, bonne "
    "nuit, a bientot, a plus, a plus tard, a vous aussi, vous aussi, cordialement, bien "
    "cordialement, bisous, adios, hasta luego, hasta pronto, chao, que tenga un buen dia, que "
    "tengas un buen dia, buen fin de semana, igualmente, saludos, un saludo, un abrazo, "
    "cuidense, tchau, ate logo, ate ja, ate breve, tenha um bom dia, bom fim de semana, "
    "abracos, um abraco, cumprimentos, atenciosamente, buonanotte, buona notte, arrivederci, a "
    "presto, a dopo, buona giornata, buona serata, buon fine settimana, altrettanto, cordiali "
    "saluti, saluti, un saluto, distinti saluti"
)
ACKNOWLEDGING_SYMBOLS = frozenset("🙏👋🤝👌✅☑✔👍🙂😊☺❤")

REACTIONS = phrases(
    "liked, loved, disliked, laughed at, emphasized, emphasised, questioned, removed a like "
    "from, removed a heart from, hat, gefallt, a aime, a adore, a mis jaime a, le gusto, le "
    "encanto, gostou de, curtiu, amou, adorou, ha messo mi piace a, ha messo un mi piace a, "
    "piace, adora, reacted"
)
"""What phones write before the quoted text somebody reacted to, beside an emoji."""
QUOTES = '“„«"”‟'
