"""Words of courtesies beyond those a survey knows, folded, in six languages together."""

from domain.survey.vocabulary import manners
from domain.survey.vocabulary.sets import phrases, words

MORE = (manners.THANKS_MORE - manners.THANKS_FOR) | words("million bunch x xx xxx")
AFTER_A_MATTER = words(
    "today again so much heute hoy hoje oggi aujourdhui nochmal rapide rapida rapido"
)
JOINTS = words("and und et y e n oh ah aw aww wow ooh haha hehe lol yay ach")
MATTERS = phrases(
    "help, helping, helping me, helping us, helping me out, support, information, info, infos, "
    "answer, reply, response, update, service, time, patience, assistance, advice, "
    "everything, all, "
    "all you did, understanding, kindness, effort, efforts, tip, heads up, confirmation, "
    "letting me know, letting us know, getting back to me, getting back, being so kind, "
    "being so helpful, being so nice, sorting this, sorting this out, sorting that, "
    "sorting it, sorting it out, sorting that out, fixing it, fixing that, clarification, "
    "hilfe, unterstutzung, auskunft, antwort, ruckmeldung, nachricht, bemuhungen, "
    "muhe, verstandnis, geduld, service, hinweis, bestatigung, alles, zeit, tipp, "
    "aide, votre aide, ton aide, laide, reponse, retour, renseignements, renseignement, "
    "linfo, linformation, information, informations, patience, temps, tout, service, soutien, "
    "comprehension, confirmation, gentillesse, disponibilite, conseils, "
    "ayuda, respuesta, informacion, atencion, todo, tiempo, paciencia, apoyo, servicio, "
    "confirmacion, comprension, amabilidad, avisar, ayudarme, responder, "
    "ajuda, resposta, informacao, atencao, tudo, tempo, paciencia, apoio, servico, retorno, "
    "confirmacao, compreensao, gentileza, avisar, ajudar, "
    "aiuto, risposta, informazione, informazioni, linformazione, attenzione, tutto, tempo, "
    "pazienza, supporto, servizio, conferma, disponibilita, gentilezza, laiuto, aver risposto, "
    "avermi aiutato, lassistenza, assistenza, il supporto"
)
"""What people thank for and no longer need. Whatever else follows `thanks for` may be a matter."""
OF_A_MATTER = words(
    "your of the all this that a quick great kind prompt fast excellent lovely fantastic amazing "
    "die der das den dem ihre deine eure ihr dein ihren schnelle gute tolle nette "
    "prompte freundliche "
    "grosse ganze viele votre ta ton le la les cette vos rapide bonne tes l "
    "su tu el la los toda gran rapida buena excelente su sua a o pela seu tua excelente "
    "rapida boa otima il lo la gli i le l vostro vostra suo sua tuo tua rapida ottimo grande"
)
PRAISE = phrases(
    "great, perfect, awesome, brilliant, wonderful, lovely, excellent, fantastic, super, amazing, "
    "superb, nice, nice one, good, very good, good stuff, good job, great job, well done, great "
    "service, great help, perfect timing, excellent service, good service, nice work, great work, "
    "you are great, youre great, you are the best, youre the best, youre a star, you are a star, "
    "legend, you rock, thats awesome, thats amazing, thats great, thats perfect, brill, "
    "fab, sweet, yay, very helpful, very kind, so kind, so helpful, that was quick, "
    "you were very helpful, you have been very helpful, youve been very helpful, "
    "youve been great, you have been great, it worked, it works, that worked, works now, "
    "it works now, problem solved, solved, "
    "its working, its working now, it is working now, that helps, sounds great, sounds perfect, "
    "das hilft, das hilft mir, das hilft mir sehr, das hat geklappt, molto gentili, "
    "toll, prima, perfekt, klasse, wunderbar, spitze, ausgezeichnet, grossartig, genial, sehr gut, "
    "gut, super service, sehr nett, das ist nett, sehr freundlich, hat geklappt, "
    "es hat geklappt, hat funktioniert, funktioniert, funktioniert jetzt, top, mega, "
    "parfait, genial, excellent, impeccable, formidable, tres bien, bien, cest "
    "parfait, cest super, "
    "cest gentil, cest bon, ca marche maintenant, nickel, chouette, tres gentil, "
    "perfecto, estupendo, excelente, fantastico, muy bien, muy amable, bien, que bien, todo "
    "perfecto, todo bien, maravilloso, muy amables, buenisimo, ya funciona, resuelto, "
    "perfeito, otimo, muito bom, maravilha, maravilhoso, muito gentil, show, resolvido, "
    "ja funciona, legal, tudo otimo, "
    "perfetto, ottimo, benissimo, fantastico, molto gentile, molto bene, bene, eccellente, "
    "gentilissimi, gentilissimo, gentilissima, bravissimi, risolto, funziona, adesso funziona"
)
NO_COURTESIES = phrases(
    "leave me alone, not interested, not now, i dont want to rate, id rather not, no comment, "
    "ill let you know, i will let you know, will let you know, later, right, k, "
    "well see, we will see, i hope so, hope so, ill try, will try, recu, note, inteso, "
    "u too, and you, dont bother, prego, gern, certo, listo, roger, same here, no need"
)
"""Acknowledgements to a survey that may mean something else after the end."""
ACKNOWLEDGEMENTS = (manners.OKS - NO_COURTESIES) | phrases(
    "received, just received it, i received it, i have received it, i got it, i got it now, "
    "got it now, got the parcel, got my parcel, its arrived, dank dir, "
    "entendi, entendi tudo, k thanks, got it, ok got it, okay got it, great got it, "
    "ok perfect, ok great, ok super, "
    "thats fine, all fine, ok alles klar, super danke, das passt, no worries, no problem, "
    "will do, ok merci, cest bon merci, ok gracias, ok obrigado, ok obrigada, ok grazie, "
    "received with thanks, it has arrived, it arrived, its here, it came, "
    "nothing else thanks, ist angekommen, ist da, bien arrive, ya llego, ja chegou, "
    "tante belle cose, k, np, ok"
)
FAREWELLS = manners.FAREWELLS - NO_COURTESIES | phrases(
    "x, much love, schone grusse, bonne soiree at vous, bonne journee at vous, "
    "bon week end at vous, "
    "speak soon, see you later, take care, cheers, all the best, have a nice one, "
    "have a wonderful day, have a wonderful evening, have a lovely weekend, have a lovely day, "
    "have a good week, you have a great day, you have a good day, have a blessed day, "
    "einen schonen tag noch, schonen sonntag, schone woche, ein schones wochenende, "
    "bonne continuation, bon weekend, bonne fin de journee, excellente journee, "
    "que tenga buen dia, buen dia, buena tarde, feliz dia, que esten bien, "
    "boa semana, bom trabalho, um otimo dia, tenha um otimo dia, buon lavoro, "
    "buona domenica, buon pomeriggio, buona continuazione, tanti saluti, una buona giornata"
)
PARTS = (ACKNOWLEDGEMENTS, PRAISE, FAREWELLS)
SAYING = frozenset(
    "🙏👋🤝👌✅☑✔👍🙂😊☺❤♡♥💕💖💗💙💚💛💜🧡🖤🤍🤗😘🥰😍😀😃😄😁😇🤩👏🙌💪🎉🥳🫶😉😎💐🌹✌🤞🫡🆗🌸🌷💯✨"
)
"""Emoji that are a courtesy by themselves."""
EMOJI = SAYING | frozenset("😂🤣😅😆😌☀🌞🎊🥂🍀🎁🎄🌈⭐🌟😋🙃😜♀♂")
