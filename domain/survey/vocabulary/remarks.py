"""Words of comments and of requests: what makes a sentence, an opinion, a wish or a question.

None of these lists makes a rating of a text: they only say what may follow one after a pause,
and who should read what is no rating. A word that is missing means that a question is asked again.
"""

from domain.survey.vocabulary.sets import phrases, words

CONTRASTS = words(
    "but however though although except aber jedoch allerdings obwohl pero aunque porem embora "
    "contudo pourtant cependant pero tuttavia sebbene"
)
REASONS = words(
    "because cuz coz bc weil denn wegen parce puisque porque perche poiche siccome pois"
)
TRICKY = words("mas mais car ma only")
"""Words that mean but or because in one language only: `2 mas`, `1 car`."""
ANDS = words("and und et y e")
GOES_ON_TRICKY = words(
    "ou lent lente long longue trop cest ca jai je il elle on le la les un une ce vous ann "
    "demorou foi nao eu tive o a os as ainda um uma faltou esperei estava lento molto troppo "
    "ci ho non e era lenta because"
)
"""Words that show that such a word was meant as but or because."""

NEGATIONS = words(
    "not no never nobody none nothing dont didnt doesnt isnt wasnt cant couldnt wont havent "
    "hasnt still nicht nie niemand nichts kein keine immer noch pas jamais personne rien aucun "
    "aucune toujours nunca nadie nada ningun ninguna no todavia sigue nao ninguem nunca ainda "
    "continua non mai nessuno niente nessun nessuna ancora without"
)
SUBJECTS = words(
    "i im ive id you youre u we he she it its they there everything everyone anyone agent "
    "agents ich ihr sie wir er es man alles je jai cest cetait vous nous il elle on tout ca ce "
    "yo me ustedes ella todo eu voce voces nos ele ela tudo io mi voi lei lui tutto ci all mir "
    "mich uns euch"
)
VERBS = words(
    "is was were are been be had has have did does do got get took take takes came come "
    "arrived works worked working helped help helps answered replied responded solved fixed "
    "resolved made needs needed waited wait waiting called explained said told sent listened "
    "tried keep thank should could would can deserve ist war waren sind hat hatte haben musste "
    "dauerte gedauert geholfen geantwortet gewartet gelost funktioniert kam konnte konnten "
    "wurde muss kann est etait sont ont avait repondu aide aidee attendu marche resolu fallu "
    "peut pourrait fue es fueron tardo tardaron espere contesto contestaron ayudo ayudaron "
    "funciona hubo estuvo puede podria foi foram demorou demoraram esperei respondeu "
    "responderam ajudou ajudaram teve estava pode podia sao e stato stata sono hanno risposto "
    "aiutato aspettato funziona ha ho messo erano puo poteva potrebbe volute solved"
)
OPINIONS = words(
    "slow slowly late quick quickly fast faster rude friendly polite kind kindly lovely "
    "patient professional efficient easy hard difficult confusing complicated long ages "
    "forever delay delayed delays better worse useless broken wrong missing lost angry "
    "annoying sorry quick prompt knowledgeable caring sweet star legend attentive clear "
    "unclear pleasant superb impressed impressive understanding smooth hassle attitude speed "
    "response reply replies unfriendly overall langsam langsame schnell schnelle schneller "
    "freundlich freundliche nett nette netter hoflich kompetent kompetente lange lang zu spat "
    "umstandlich kompliziert kaputt falsch besser unhoflich geduldig verspatung wartezeit "
    "entschuldigung einfach unkompliziert zugig verstandlich lent lente rapide rapides "
    "efficace aimable aimables gentil gentille poli impoli long longue trop tard attente "
    "retard desole panne mieux agreable competent competente complique serviable lento lenta "
    "rapido rapida rapidos amable amables maleducado maleducada grosero eficaz eficiente tarde "
    "demora espera perdon roto rota mejor mejorar demasiado tiempo atento atenta simpatico "
    "simpatica simpaticos educado educada demorado demorada avariado avariada melhor melhorar "
    "atraso desculpe desculpem rapidez eficientes gentil atencioso atenciosa paciente veloce "
    "veloci gentile gentili cortese cortesi educato maleducato scortese lungo lunga attesa "
    "ritardo scusate scusa rotto rotta meglio migliorare efficiente efficienti disponibile "
    "preciso precisa puntuale pazienza tempo troppo professionale professionali"
)
SORRY = words(
    "sorry sry apologies sorri entschuldigung desole desolee perdon disculpen desculpe "
    "desculpem scusate scusa"
)

FUTURES = phrases(
    "i will, ill, i wait, ill wait, i am waiting, see you, looking forward, ich warte, ich "
    "probiere, dann bis, jattends, je vais, quedo a, espero, lo intento, fico a, fico at, vou, "
    "aspetto, ci provo, next time, again, schon wieder, wieder, encore, otra vez, outra vez, "
    "di nuovo"
)
"""Words that turn praise into none: `great, I will wait`, `toll, schon wieder`."""

QUESTIONS = words(
    "where wheres when what whats why how who which whose wann wo warum wieso weshalb wer "
    "welche welcher quand pourquoi comment quel quelle quoi combien donde cuando cuanto cual "
    "quien onde quando qual quem  dove dov quanto quale chi cosa"
)
WISHES = phrases(
    "please, pls, plz, call me, ring me, phone me, contact me, text me, email me, write me, "
    "help me, i need, i still need, i want, i would like, id like, can you, could you, can i, "
    "could i, can somebody, can someone, would you, will you, send me, give me, refund me, i "
    "am still waiting, im still waiting, still waiting, tell me, let me know, change my, "
    "cancel my, where is, where are, when will, when is, how do, how can, bitte, rufen sie, "
    "ruf mich, ruft mich, ich brauche, ich mochte, ich will, konnen sie, konnt ihr, kannst du, "
    "kann ich, wo ist, wo bleibt, wann kommt, svp, sil vous plait, sil te plait, appelez moi, "
    "rappelez moi, rappelez, jai besoin, je voudrais, je veux, pouvez vous, veuillez, ou est, "
    "quand arrive, il me faut, il men faut, por favor, llameme, llamame, llamenme, necesito, "
    "quiero, quisiera, pueden, puede usted, podrian, donde esta, cuando llega, ligue me, me "
    "liga, me liguem, preciso, quero, gostaria, podem, poderiam, onde esta, quando chega, per "
    "favore, per piacere, chiamatemi, mi chiami, richiamatemi, ho bisogno, vorrei, voglio, "
    "potete, puo, dove, dove e, quando arriva, mi serve, me ne servono"
)
"""Phrases that ask for something within a longer text."""
PLEAS = words(
    "help refund refunds money callback broken missing urgent urgently complaint complain "
    "agent operator human person someone somebody wrong damaged lost cancel return hilfe "
    "erstattung geld ruckruf kaputt fehlt dringend beschwerde mensch mitarbeiter falsch aide "
    "remboursement argent casse urgent reclamation conseiller manque ayuda reembolso dinero "
    "roto rota urgente queja agente persona falta llamame ajuda dinheiro partido quebrado "
    "reclamacao atendente pessoa aiuto rimborso soldi rotto rotta reclamo operatore persona "
    "manca chiamatemi appelez rappelez rappelle llamenme ligue anruf anrufen reklamation"
)
"""Words that, on their own, ask for a person."""
PLEASE = phrases(
    "please, pls, plz, bitte, svp, sil vous plait, sil te plait, por favor, per favore, per piacere"
)
ASIDES = phrases(
    "she was, he was, she is, he is, everyone was, everything was, keep up, keep it up, sie "
    "war, er war, elle etait, il etait, ella fue, ele foi, call me, please call, please call "
    "me, pls call me, contact me, ring me, text me, email me, help me, stop, rufen sie mich an,"
    " bitte anrufen, ruf mich an, appelez moi, rappelez moi, llameme, llamame, llamenme, me "
    "liga, me liguem, ligue me, chiamatemi, mi chiami, richiamatemi, you are the, you are so, "
    "you are too, youre the, youre so, youre too, you guys are, ihr seid, ihr wart, vous etes, "
    "vous etiez, nobody called, nobody answered, nobody replied, nobody helped, no one called, "
    "no one answered, no one replied, no one helped, where is my, where are my, keiner hat, "
    "niemand hat, personne ne, nadie me, nadie contesta, nadie contesto, ninguem me, ninguem "
    "respondeu, nessuno mi, nessuno ha"
)
"""Wishes and sentences that may directly follow a number, because it cannot count them."""

ALTERNATIVES = words(
    "or to and between from not no maybe rather like more a an of out is it its my i id give "
    "would say rate rating score oder bis und zwischen nicht nein keine kein eine eher von ist "
    "ou et a entre pas non un une de o y e no entre es un al del ou e nao da tra non o un "
    "either actually than the"
)
"""Words with which numbers and grades are still an attempt to rate: `4 or 5`, `not a 5`."""
VAGUE = words(
    "yes no yeah yep nope nah hm hmm hmmm mhm uh um er erm eh ah oh lol haha hahaha lmao ja "
    "nein na tja ah oui non bah euh heu si jaja jajaja sim nao kkkk kkk rsrs boh ahah mah "
    "maybe please well so and but idk vielleicht tal vez talvez forse hehe wow"
)
"""Words that together still say nothing definite."""

FAILURES = words(
    "broken broke useless missing lost wrong delay delays delayed failed kaputt falsch defekt "
    "verspatung panne casse cassee retard perdu roto rota averiado avariado avariada quebrado "
    "atraso perdido perdida rotto rotta ritardo guasto guasta"
)
"""Words that, behind mere praise, show that it is ironic."""
MORE_TO_SAY = phrases(
    "question, questions, problem, i have another, i have a, need help, i need, frage, fragen, "
    "probleme, pregunta, pregunta mas, problema, pergunta, duvida, domanda"
)
"""Words that, behind yes or no, ask for something more: `yes I have a question`."""
COUNTED_BEFORE = phrases(
    "i need them, we need them, need them, i want them, i want those, i need those, "
    "send them, ship them, take them, have them, brauche sie bis, brauche die, brauchen sie bis, "
    "nehme sie, il me les faut, "
    "il nous les faut, jen ai besoin, je les veux, los necesito, las necesito, los quiero, las "
    "quiero, los necesitamos, preciso deles, preciso delas, quero os, mi servono, ci servono, me "
    "ne servono, li voglio, le voglio, ne vorrei, ne voglio"
) | frozenset(
    f"{which} {how}"
    for which in (
        *("they are", "they were", "theyre", "all", "all are", "all of them", "all of them are"),
        *("both", "both are", "one", "one is", "one was", "one of them", "one of them is"),
        *("sie sind", "die sind", "alle", "alle sind", "beide", "beide sind", "eine ist"),
        *("ils sont", "elles sont", "les deux", "tous", "estan", "los dos", "todos", "todas"),
        *("estao", "todos", "sono", "tutti", "tutte"),
    )
    for how in (
        *("broken", "missing", "damaged", "wrong", "lost", "faulty", "defective", "kaputt"),
        *("defekt", "falsch", "casses", "cassees", "rotos", "rotas", "partidos", "quebrados"),
        *("rotti", "rotte", "blue", "black", "white"),
    )
)
"""Words that make the number before them a quantity: `2, I need them by Friday`."""
ALIKE = words("in en em im smaller bigger larger longer shorter darker")
"""Words that, behind a number and a but, make it a quantity: `2 but in blue`."""

JOINING = CONTRASTS | REASONS
ASKING = PLEAS | QUESTIONS
"""Words that begin a request, or are one by themselves."""
