"""Courtesies: thanks, greetings, farewells, acknowledgements, and the words of tapbacks."""

from domain.survey.vocabulary.sets import phrases, words

THANKS = phrases(
    "much obliged, appreciate your help, i appreciate your help, i really appreciate it, i "
    "really appreciate your help, merci at vous, merci at toi, merci a vous, grazie a lei, "
    "grazie a voi, grazie a te, danke dir, thanks, thank you, thank u, thankyou, thx, tks, ty, "
    "tysm, cheers, many thanks, thanks again, thank you again, much appreciated, appreciated, "
    "appreciate it, i appreciate it, danke, danke schon, dankeschon, danke sehr, vielen dank, "
    "vielen lieben dank, herzlichen dank, besten dank, tausend dank, lieben dank, merci, merci "
    "beaucoup, merci bien, un grand merci, mille mercis, gracias, muchas gracias, mil gracias, "
    "muchisimas gracias, obrigado, obrigada, muito obrigado, muito obrigada, obg, valeu, "
    "grazie, grazie mille, grazie tante, mille grazie, molte grazie, ti ringrazio, vi "
    "ringrazio"
)
THANKS_MORE = words(
    "auch noch too so very much a lot again indeed really kindly all everyone everybody guys "
    "team folks you sir madam dear schon sehr nochmals ihnen euch dir alle beaucoup bien "
    "encore infiniment a tous mille muchas por todo de verdad mesmo tante davvero tutti voi"
)
THANKS_FOR = words("for fur pour de por pela pelo per di dell della del for")
OF_WHAT = 12
"""Number of words allowed after `thanks for`. Ours."""
NAMES = 2
"""Number of words of a name after thanks, a greeting or a farewell. Ours."""

DECLINING = words("no nein non nao")
AGREEING = words("yes yeah yep yup sure ja oui ouais si sim")
OKS = phrases(
    "thanks for letting me know, thank you for letting me know, thx for letting me know, thanks"
    " for the info, thanks for the information, thanks for the update, thank you for the "
    "update, thank you for the info, thank you for the information, danke fur die info, danke "
    "fur die information, danke fur die auskunft, danke fur die ruckmeldung, merci pour linfo, "
    "merci pour linformation, merci pour votre reponse, merci pour votre retour, gracias por la"
    " info, gracias por la informacion, gracias por avisar, obrigado pela info, obrigado pela "
    "informacao, obrigada pela informacao, obrigado por avisar, obrigada por avisar, grazie per"
    " linfo, grazie per linformazione, grazie per le informazioni, ill let you know, i will let"
    " you know, will let you know, well see, we will see, i hope so, hope so, righto, okie "
    "dokie, okey dokey, aight, bet, roger that, works for me, that works, fine, fine by me, "
    "great to hear, good to hear, nice to hear, great news, good news, stay safe, have a "
    "blessed day, xoxo, see you then, see you tomorrow, thats great, thats perfect, thats fine,"
    " thats good, thats brilliant, thats lovely, thats wonderful, good to know, thats good to "
    "know, gut zu wissen, bon a savoir, bon at savoir, thats all, that is all, thats it, that "
    "is it, thats everything, nothing else, all sorted, sorted, im good, i am good, were good, "
    "we are good, no thats all, no thats it, no thats everything, that will be all, no more "
    "questions, i will, ok i will, will try, ill try, ill wait, i will wait, perfect will do, "
    "great will do, sure thing, no comment, not interested, id rather not, i dont want to rate,"
    " leave me alone, same here, god bless, god bless you, das wars, das war alles, das ist "
    "alles, nein das wars, nein das war alles, wunderbar danke, cest tout, non cest tout, ce "
    "sera tout, eso es todo, nada mas, no eso es todo, es todo, e tudo, is tudo, so isso, nao "
    "is tudo, e tutto, is tutto, nientaltro, nulla di piu, ok, okay, okey, oki, okie, k, kk, o "
    "k, ok then, okay then, alright, alright then, all right, all right then, will do, noted, "
    "got it, understood, i understand, i see, fair enough, sounds good, cool, no problem, no "
    "probs, np, no worries, no prob, you are welcome, youre welcome, my pleasure, copy that, "
    "roger, right, all good, its all good, never mind, nevermind, not now, no need, dont "
    "bother, no thanks, no thank you, no thx, all done, done, perfect timing thanks, alles "
    "klar, in ordnung, passt, passt schon, mach ich, mache ich, machen wir, wird gemacht, "
    "verstanden, alles gut, kein problem, kein thema, keine ursache, gerne, gern geschehen, "
    "gern, jo, einverstanden, nein danke, nicht notig, schon gut, bitte schon, geht klar, "
    "daccord, entendu, compris, ca marche, bien recu, tres bien recu, recu, cest note, note, "
    "pas de souci, pas de soucis, pas de probleme, de rien, je vous en prie, non merci, vale, "
    "de acuerdo, entendido, recibido, bien recibido, listo, esta bien, no hay problema, de "
    "nada, no gracias, anotado, sin problema, esta bem, ta bom, ta bem, tudo bem, combinado, "
    "tudo certo, beleza, blz, certo obrigado, certo obrigada, recebido, nao ha problema, sem "
    "problema, sem problemas, nao obrigado, nao obrigada, va bene, capito, ricevuto, certo "
    "grazie, nessun problema, non ce problema, di niente, prego, no grazie, daccordo, a posto, "
    "a posto cosi, tutto ok, tutto a posto, inteso"
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
    "merry christmas, merry xmas, happy christmas, happy holidays, happy new year, happy easter, "
    "happy thanksgiving, frohe weihnachten, schone weihnachten, frohe ostern, guten rutsch, frohes "
    "neues, frohes neues jahr, schone feiertage, joyeux noel, bonne annee, bonnes fetes, joyeuses "
    "fetes, feliz navidad, feliz ano, feliz ano nuevo, felices fiestas, felices pascuas, feliz "
    "natal, feliz ano novo, boas festas, feliz pascoa, buon natale, buon anno, felice anno nuovo, "
    "buone feste, buona pasqua, u too, you as well, and you, und ihnen, cya, "
    "have a lovely evening, have a good night, have a great evening, have a great one, enjoy "
    "your day, sent from my iphone, sent from my phone, von meinem iphone gesendet, envoye de "
    "mon iphone, enviado desde mi iphone, enviado do meu iphone, inviato da iphone, schonen "
    "abend noch, einen schonen abend, einen schonen abend noch, einen schonen tag noch, "
    "schones wochenende noch, ein schones wochenende, bye, bye bye, goodbye, good bye, good "
    "night, goodnight, have a good day, have a nice day, have a great day, have a lovely day, "
    "have a good one, have a good weekend, have a nice weekend, have a great weekend, and have "
    "a good day, and have a nice day, have a good evening, have a nice evening, take care, see "
    "you, see ya, see you soon, talk later, later, you too, same to you, good luck, best of "
    "luck, best regards, kind regards, regards, best wishes, warm regards, yours sincerely, "
    "xx, xxx, tschuss, tschau, bis dann, bis bald, bis spater, schonen tag, schonen tag noch, "
    "einen schonen tag, schones wochenende, schonen abend, schonen feierabend, ihnen auch, dir "
    "auch, gute nacht, gleichfalls, ebenso, viele grusse, liebe grusse, beste grusse, mit "
    "freundlichen grussen, freundliche grusse, mfg, lg, vg, alles gute, auf wiedersehen, at "
    "bientot, at plus, at plus tard, at vous aussi, au revoir, bonne journee, bonne soiree, "
    "bon week end, bonne nuit, a bientot, a plus, a plus tard, a vous aussi, vous aussi, "
    "cordialement, bien cordialement, bisous, adios, hasta luego, hasta pronto, chao, que "
    "tenga un buen dia, que tengas un buen dia, buen fin de semana, igualmente, saludos, un "
    "saludo, un abrazo, cuidense, tchau, ate logo, ate ja, ate breve, tenha um bom dia, bom "
    "fim de semana, abracos, um abraco, cumprimentos, atenciosamente, buonanotte, buona notte, "
    "arrivederci, a presto, a dopo, buona giornata, buona serata, buon fine settimana, "
    "altrettanto, cordiali saluti, saluti, un saluto, distinti saluti"
)
ACKNOWLEDGING_SYMBOLS = frozenset("🙏👋🤝👌✅☑✔👍🙂😊☺❤")

MEETINGS = phrases(
    "see you, see ya, see you soon, talk later, later, bis dann, bis bald, bis spater, at "
    "bientot, a bientot, at plus, a plus, at plus tard, hasta luego, hasta pronto, ate logo, "
    "ate ja, ate breve, a presto, a dopo"
)
"""Farewells about the next meeting; beside them `perfect` is not a rating."""
REACTIONS = phrases(
    "liked, loved, disliked, laughed at, emphasized, emphasised, questioned, removed a like "
    "from, removed a heart from, hat, gefallt, a aime, a adore, a mis jaime a, le gusto, le "
    "encanto, gostou de, curtiu, amou, adorou, ha messo mi piace a, ha messo un mi piace a, "
    "piace, adora, reacted"
)
"""Words that phones write before the quoted text of a tapback, other than an emoji."""
QUOTES = '“„«"”‟'
