"""Patterns of sentences in which people ask for no more texts, in six languages.

The patterns match folded text (`domain.text.folding.fold`): lower case, one space between words,
no accents, apostrophes or hyphens. Gaps are a few words long, so matching takes linear time.
Sentences about something else (an order, a delivery, a time of day) are left alone, because agents
ignore a flag that is often wrong.
"""

import re
from collections.abc import Iterable

A_FEW = r"(?:\w+ ){0,3}"
"""Up to three words of any kind."""

ENGLISH = (
    r"^(?:please |pls |just |ok )+stop(?: now| already)*$|^(?:please )?block (?:me|my number)$",
    r"\b(?:turn|switch) (?:off )?(?:all |the |these |those |your |my )*(?:texts|text messages"
    r"|messages|sms|notifications)(?: off)?(?: please| now)*$"
    r"|^(?:please )?turn (?:these|this) off$",
    r"\bthis (?:number|phone) (?:now )?(?:belongs to (?:someone|somebody) else|is not (?:mine|his"
    r"|hers) anymore|has a new owner)\b|\bnow belongs to (?:someone|somebody) else\b",
    r"\b(?:cancel|end|stop) (?:my |this |the )*subscription to (?:\w+ )?(?:texts|messages|sms"
    r"|alerts)\b|\b(?:will|ill|am|im|going to) (?:\w+ )?report(?:ing)? (?:you|this|u)\b",
    r"\b(?:stop|quit|cease) sending(?: please| now)*$|^(?:please )?(?:stop|end|cancel) "
    r"(?:all |the |my |these )*(?:msgs?|texts|text messages|messages|alerts|sms|notifications)"
    r"(?: please| now| thanks)*$|^(?:please )?cease(?: please)?$",
    r"^(?:please )?(?:do not|dont|don t) (?:text|message|contact)(?: please| anymore| again)*$",
    r"^(?:please )?(?:remove|take|delete) (?:from|off|off of) (?:your |the |this )*list"
    r"(?: please| now)*$|^stop and (?:remove|delete|leave|forget|go)\b",
    r"\bno longer want (?:\w+ ){0,2}(?:texts|messages)\b|\b(?:do not|dont|don t) want "
    r"(?:your |any |these |more )*(?:texts|text messages|sms)(?: please| anymore| from you)*$",
    rf"\b(?:stop|quit|cease) (?:{A_FEW}(?:texts|texting me|texting us|texting this|texting my"
    r"|txting me|messaging me|messaging us|messaging my|contacting me|contacting us|contacting my"
    r"|spamming|harassing|bothering me|bugging me|pestering|writing to me|writing me)"
    r"|(?:texting|txting|messaging|contacting|spamming|the spam|spam|sms)"
    r"(?: now| please| pls| immediately| already| asap| altogether)*$)",
    r"\b(?:stop|quit|cease) (?:with )?(?:all |the |these |those |your |any |this )*"
    r"(?:texts|text messages|messages|msgs|sms|notifications|promotions|ads)"
    r"(?: now| please| pls| immediately| already| asap| altogether| to me| to this number)*$",
    r"\b(?:stop|quit|cease) sending (?:me |us |these |those |this |any |more |all |your |such )*"
    r"(?:texts?|text messages?|messages?|msgs?|sms|offers|ads|promos|promotions|stuff|crap|shit"
    r"|spam|junk|these|this|things|notifications|anything)\b(?! (?:to|at) (?:my|the) old)",
    r"\bstop sending me(?: please| now)*$",
    r"\b(?:do not|dont|don t|never|pls no|no longer) (?:ever |you ever )?"
    r"(?:text|txt|message|msg|contact|sms|write) (?:to )?(?:me|us|this number|here|my number"
    r"|my phone)\b(?! (?:\w+ )?(?:after|before|at|on|during|until|till|while|when|between|unless"
    r"|by|in|about|to|for|as|if|with|through|via|from|like|tomorrow|today|tonight)\b)",
    rf"\b(?:do not|dont|don t|no longer|never|didnt|did not) (?:want|wish|like|need) {A_FEW}"
    r"(?:(?:get|receive|have|getting|receiving|your|these|those|any|more|any more) )+"
    r"(?:\w+ )?(?:texts|text messages|messages|msgs|sms|notifications|promotions|offers|ads"
    r"|spam)\b",
    r"\b(?:do not|dont|don t|no longer) (?:want|wish|like|need) (?:you )?to (?:be )?(?:text(?:ed)?"
    r"|messaged?|contact(?:ed)?)(?: by| me| anymore| any more| again| at all|$)",
    r"\b(?:do not|dont|don t|never) send (?:me |us |this number )?(?:any |more |further |these "
    r"|those |your |such )*(?:texts|text messages|messages|msgs|sms|offers|promotions|ads"
    r"|anything (?:else|more|again)|anything$)\b",
    r"\bcease (?:and desist|(?:all |any |further |your )*(?:communications?|contact))\b"
    r"|\bblowing up my phone\b|^no more(?: please| thanks| pls)+$",
    r"\bno (?:more|further) (?:texts|text messages|texting|messages|msgs|sms|spam|contact)\b",
    r"^no (?:more )?(?:texts|texting|messages|sms|spam)(?: please| thanks| thank you)*$",
    r"\b(?:remove|take|delete|erase|drop|get|scratch|cross) (?:me|us|my (?:cell |phone |mobile )?"
    r"(?:number|phone|name|info|information|details|contact|data)|this number)"
    r" (?:off of|from|off|out of)(?: \w+){0,3} (?:lists?|database|system|records|mailings?|files"
    r"|texts|texting|messages|messaging|sms|marketing|contacts|subscription|program)\b"
    r"(?<!waiting list)(?<!wait list)(?<!guest list)(?<!booking system)",
    r"^(?:\w+ )?(?:remove|take|delete) (?:me|us|my (?:cell |phone )?number|this number)"
    r"(?: off| please| pls| now| immediately| thanks| thank you| from this| from here)*$",
    r"^(?:\w+ ){0,3}wrong (?:number|person|guy|recipient|phone)"
    r"(?: sorry| please| pls| buddy| dude| mate| here| man| lady| stop| thanks| again| i think"
    r"| remove me| bro| pal)*$",
    r"\b(?:you|u|youve|uve|youre|ur) (?:must |may |might |probably )*(?:have |got |ve got |reached "
    r"|texted |are texting |texting |dialed |messaged |contacted )+(?:the |a )?"
    r"wrong (?:number|person|guy)\b|^(?:im |i am |this is )?not the right (?:person|number)$",
    r"\b(?:this is|its|it is|thats|that is) (?:\w+ )?(?:a|the) wrong (?:number|person)\b"
    r"(?! (?:on|in|for|of|i))",
    r"\bthis (?:is not|isnt|is no longer) (?:\w+ ){1,3}(?:number|phone)\b",
    r"\b(?:leave|let) (?:me|us) (?:the |fuck |fucking |hell |heck )*(?:alone|be|in peace)"
    r"(?: please| now| pls| already)*\b(?! (?:in|at|on|the|by))",
    r"\b(?:lose|forget) (?:my|this) (?:number|contact)\b",
    r"\b(?:fuck|piss|bugger|sod|eff) (?:\w+ )?off\b|\bstfu\b",
    r"^(?:\w+ )?(?:go away|get lost|buzz off)(?: please| now)*$",
    r"\bunsubscrib(?:e|ing)\b(?! (?:my (?!number|phone)|him|her|them|our))|\bun subscribe\b"
    r"|\bopt(?:ing)? (?:me |us |my number )?out"
    r"(?: of (?:\w+ ){0,3}(?:texts|messages|messaging|texting|sms|this|these|marketing|alerts"
    r"|notifications|communications?|everything|all)\b| please| now| from (?:\w+ ){0,2}texts|$)",
    r"\b(?:revoke|withdraw|take back) (?:my |the |all )*(?:consent|permission|opt in)\b",
    r"\b(?:never|did not|didnt) (?:signed|sign|subscribed?|opt(?:ed)?|consent(?:ed)?|agreed?)"
    r"(?: up| in| for| to)*(?: this| these| your (?:texts|messages)| texts| messages| any of this"
    r"| receive| get|$)",
    r"\b(?:this|that|it) is spam\b|\b(?:its|thats) spam\b|\breport(?:ed|ing)? (?:you |this )?"
    r"(?:\w+ )?(?:as|for) spam\b|\b(?:im|i am|i will be|ill be) (?:blocking|reporting) you\b",
    r"\bdo not contact\b(?! (?:you|him|her|them|the|my|your))|\bno consent\b",
)
GERMAN = (
    r"^(?:bitte )?(?:abbestellen|abbestellung|austragen)(?: bitte| danke)*$",
    r"^(?:bitte )?(?:aufhoren|aufhoeren|schluss)(?: bitte| jetzt)*$|^(?:\w+ ){0,2}abmeldung"
    r"(?: bitte)?$|^(?:bitte )?stopp (?:sms|nachrichten|werbung)(?: bitte)?$",
    r"(?:^|\bbitte )(?:hor|hoer|hort|hoert|horen sie|hoeren sie|horts) (?:\w+ ){0,3}auf\b"
    r"(?! (?:meinen|meine|deinen|deine|ihn|ihren|den|die|das|zu regnen))",
    r"\b(?:aufhoren|aufhoeren) (?:\w+ ){0,3}(?:zu )?(?:schreiben|texten|nerven|belastigen|simsen)",
    r"\b(?:will|mochte|moechte|wollen|wunsche|wuensche|bitte|brauche|schickt|schicken sie|schick"
    rf"|sendet|senden sie) {A_FEW}(?:keine|keinerlei|kein) (?:\w+ ){{0,2}}(?:sms|nachrichten"
    r"|nachricht|werbung|textnachrichten|mitteilungen|werbesms|spam|texte|anschreiben)\b",
    r"^keine (?:weiteren |weitere )?(?:sms|nachrichten|werbung|texte)(?: mehr| bitte| danke)*$",
    r"\b(?:schreib\w*|kontaktier\w*|nerv\w*|belastig\w*|text\w*|sims\w*|kontakt|anschreib\w*)"
    rf" (?:sie )?{A_FEW}(?:nicht mehr|nie wieder|nie mehr|nichts mehr|nicht weiter)\b",
    r"\b(?:schick\w*|send\w*) (?:sie )?(?:mir|uns) (?:\w+ ){0,2}nichts mehr\b",
    r"\b(?:nicht mehr|nie wieder|nie mehr) (?:\w+ )?(?:kontaktier\w*|anschreib\w*|angeschrieben"
    r"|anzuschreiben|zu schreiben|schreiben|belastig\w*)\b",
    r"\b(?:lass|lasst|lassen sie) (?:mich|uns) (?:\w+ ){0,3}(?:in )?(?:ruhe|frieden|zufrieden)\b",
    r"^(?:\w+ ){0,4}falsche (?:nummer|person|rufnummer|handynummer)(?: sorry| bitte| leider)*$",
    r"\b(?:sie|du|ihr) (?:\w+ ){0,3}(?:die |eine |bei der )?falschen? (?:nummer|person)\b",
    r"\b(?:losch\w*|loesch\w*|entfern\w*|streich\w*|nimm|nehmt|nehmen sie|trag\w*)"
    rf" (?:sie )?{A_FEW}(?:meine (?:nummer|handynummer|telefonnummer|daten)"
    r"|mich (?:\w+ ){0,3}(?:liste|verteiler|datenbank|system|kartei))\b",
    r"^(?:bitte )?meine (?:nummer|handynummer|telefonnummer|daten) (?:\w+ )?(?:loschen|loeschen"
    r"|entfernen|streichen)\b|\bnichts mehr von (?:euch|ihnen|dir) (?:horen|hoeren|lesen)\b",
    r"\b(?:mich|sms|sms dienst|nachrichten|newsletter|benachrichtigungen|werbung)"
    r" (?:\w+ ){0,2}(?:abmelden|abbestellen|austragen|abmelde|abbestelle)\b",
    r"\b(?:meld\w*|trag\w*) (?:sie )?mich (?:\w+ ){0,4}(?:ab|aus)$",
    r"\bwiderruf\w* (?:\w+ ){0,3}(?:einwilligung|zustimmung)\b|\b(?:einwilligung|zustimmung)"
    r" (?:\w+ ){0,2}(?:widerruf\w*|zuruck\w*)\b",
    r"\bverpiss\w*\b|^(?:stopp?|schluss|genug) (?:jetzt )?damit\b|^stopp? alles\b",
    r"\b(?:das|dies|es) ist (?:\w+ )?(?:spam|belastigung)\b",
)
FRENCH = (
    rf"\b(?:arrete[rz]?|cesse[rz]?|stop|stoppez) {A_FEW}(?:d |de )?(?:mecrire|mennuyer|m ecrire"
    r"|me contacter|me deranger|me harceler|me spammer|me relancer|me texter|nous contacter"
    r"|menvoyer (?:\w+ ){0,2}(?:messages?|sms|textos?|trucs|pubs?|publicites?|ca|cela))\b",
    r"\b(?:arrete[rz]?|cesse[rz]?|stop|stoppez) (?:denvoyer |avec |tous |de |les |ces |vos |tes "
    r"|des |aux |le |la |d envoyer )*(?:messages?|sms|textos?|spams?|pubs?|publicites?"
    r"|harcelement|notifications)\b",
    r"(?<!vous )(?<!vous ne )\b(?:ne |n)(?:me |nous |m )?(?:mecri\w+|menvo\w+|ecri\w+|contact\w+"
    r"|envo\w+|text\w+|derang\w+|recontact\w+|sollicit\w+|harcel\w+)(?: moi)? (?:plus|jamais"
    r"|pas de)"
    r"(?! (?:tard|a lancienne))\b",
    r"\b(?:merci|priere|veuillez|demande|svp|voudrais|aimerais) (?:\w+ )?(?:de )?ne (?:plus|pas)"
    r" (?:jamais )?(?:me |nous )?(?:mecrire|contacter|menvoyer|deranger|solliciter|recontacter"
    r"|recevoir (?:de |vos |des )(?:sms|messages?|textos?))\b",
    r"^(?:plus|pas) de (?:sms|messages?|textos?|pub|pubs|publicites?|spam)\b",
    rf"\bne (?:veux|souhaite|desire|voudrais|souhaitons|veut) (?:plus|pas|plus jamais) {A_FEW}"
    r"(?:recevoir|sms|messages?|textos?|etre contactee?|etre derangee?|pubs?|publicites?)\b"
    r"(?! (?:le|la|les|ma|mon|mes|ce|cette) (?!messages|sms|textos))",
    r"\b(?:laisse[sz]?|fichez|foutez|fous|fiche) ?(?:moi|nous) (?:\w+ )?(?:tranquilles?|en paix"
    r"|la paix)\b",
    r"^(?:\w+ ){0,4}(?:mauvais|faux|erreur de) (?:numero|destinataire)"
    r"(?: desolee?| svp| merci)*$",
    r"\bvous (?:\w+ ){0,4}(?:trompee?s?|trompez) (?:de )?(?:numero|personne|destinataire)\b"
    r"|\bvous avez (?:\w+ ){0,2}(?:mauvais|faux) numero\b"
    r"|\b(?:cest|ce nest pas|ce nest plus) (?:\w+ ){0,3}(?:mauvais|bon|faux) numero\b",
    r"\b(?:retire[rz]?|enleve[rz]?|supprime[rz]?|efface[rz]?|raye[rz]?|ote[rz]?|sortez) ?"
    r"(?:moi (?:\w+ ){0,4}(?:listes?|fichiers?|base|contacts|repertoire)"
    r"|mon (?:numero|nom|contact)|mes (?:coordonnees|donnees))\b",
    r"\b(?:me |m)?desabonn(?:er|ez|ement)\b|\b(?:me |m)?desinscri(?:re|vez|ption)\b",
    r"\b(?:retire|revoque) (?:mon |le )?consentement\b",
    r"\b(?:cest|ceci est) (?:du |un )?(?:spam|harcelement)\b|^(?:foutez le camp|degagez?)\b",
)
SPANISH = (
    r"^(?:por favor )?(?:no mas|cancelar (?:la |mi )?(?:suscripcion|inscripcion))"
    r"(?: por favor| gracias)*$",
    r"^(?:baja|alto|cancelar|basta|parar) (?:de |los |las )*(?:sms|mensajes?|textos)$",
    rf"\b(?:deja|deje|dejen|dejad|paren?|para|cesen?|basta|dejar) (?:ya )?(?:de |con )?{A_FEW}"
    r"(?:escribir(?:me|nos)|molestar(?:me|nos)?|contactar(?:me|nos)|textear(?:me)?|acosar(?:me)?"
    r"|mensajear(?:me)?|hostigar(?:me)?|joder|mandar(?:me)? (?:\w+ ){0,2}(?:mensajes?|sms|textos"
    r"|cosas|esto|publicidad)|enviar(?:me)? (?:\w+ ){0,2}(?:mensajes?|sms|textos|cosas|esto"
    r"|publicidad|promociones|spam))\b",
    r"^basta (?:ya |de |con |los |sus |tus )*(?:mensajes?|sms|textos|publicidad|spam)\b",
    r"\bno (?:me |nos )?(?:vuelva[ns]? a )?(?:(?:me |nos )?(?:escriba[ns]?|contacte[ns]?"
    r"|moleste[ns]?|texte[en][ns]?|acosen?)|escribir(?:me|nos)?|contactar(?:me|nos)?"
    r"|molestar(?:me)?"
    r")\b(?! (?:antes|despues|hasta|a las|por telefono|por correo|en la))",
    r"\bno (?:me |nos )(?:envie[ns]?|mande[ns]?|enviar|mandar) (?:\w+ ){0,2}(?:mas|mensajes?|sms"
    r"|textos|publicidad|promociones|spam|nada)(?! (?:tarde|grande|pequen\w+))\b",
    r"\bno (?:envie[ns]?|mande[ns]?|enviar|mandar) (?:mas )?(?:mensajes?|sms|textos|publicidad"
    r"|promociones)\b|\bno quiero (?:mas )?(?:mensajes|sms|textos|publicidad)\b",
    r"\bno (?:quiero|deseo|quisiera|queremos) (?:\w+ ){0,2}(?:recibir|que me (?:escriba|contacte"
    r"|mande|envie|moleste)\w*|mas (?:mensajes?|sms|textos|publicidad|promociones)"
    r"|(?:sus|tus|estos) (?:mensajes|textos|sms))\b(?! (?:el|la|los|las|mi) (?!mensajes|sms))",
    r"\bno mas (?:mensajes?|sms|textos|publicidad|spam)\b",
    r"^(?:\w+ ){0,3}(?:numero|persona) (?:equivocad[oa]|incorrect[oa]|erroneo)"
    r"(?: lo siento| gracias| por favor| perdon)*$",
    r"\b(?:tiene[ns]?|se equivoc\w+|esta[ns]?|es|llamando al|escribiendo al) (?:\w+ ){0,3}(?:de )?"
    r"(?:numero|persona)(?: equivocad[oa]| incorrect[oa]| erroneo)?$",
    r"\b(?:deja|deje|dejen|dejad)(?:me|nos) (?:\w+ )?(?:en paz|tranquil[oa]s?)\b",
    r"\b(?:quit|borr|elimin|sac|saqu|retir|remuev|remov)\w* (?:\w+ ){0,3}de (?:\w+ ){0,2}(?:lista"
    r"|listas|base|sistema|contactos|registros?)\b",
    r"\b(?:quite|quita|borre|borra|elimine|elimina|saque)n? (?:\w+ )?(?:mi (?:numero|telefono"
    r"|celular)"
    r"|mis datos)\b",
    r"\b(?:dar|dame|deme|denme|darme|darnos|darse) (?:\w+ )?de baja(?! (?:la|el|mi|una|un) )\b"
    r"|\b(?:quiero|quisiera|deseo|solicito) (?:la |mi )?baja(?! (?:de la|de mi|de el|del) )\b",
    r"\b(?:retiro|revoco) (?:mi |el )?consentimiento\b|\besto es (?:spam|acoso)\b",
)
PORTUGUESE = (
    r"^(?:por favor )?(?:remover|remova|cancelar (?:a |minha )?(?:inscricao|assinatura))"
    r"(?: por favor| obrigad[oa])*$",
    r"^(?:por favor )?parem(?: por favor)?$|^(?:por favor )?parem? de (?:mandar|enviar)$",
    rf"\b(?:para|pare|parem|deixa|deixe|deixem|parar|chega) de {A_FEW}(?:escrever|incomodar"
    r"|perturbar|contatar|contactar|encher|importunar|(?:mandar|enviar)(?:me)? (?:\w+ ){0,2}"
    r"(?:mensage\w+|sms|textos?|coisas|isso|propaganda))\b",
    r"\bnao (?:me )?(?:mandem?|enviem?|enviar|mandar|escrever|escrevam?|contatem?|contactem?"
    r"|perturbem?|incomodem?)"
    r"(?:me)? (?:\w+ ){0,2}(?:mais|mensage\w+|sms|nada)(?! (?:tarde|cedo))\b",
    r"\bnao (?:me )?(?:perturbem?|incomodem?)\b",
    r"\bnao (?:quero|desejo|gostaria de|queremos) (?:mais )?(?:\w+ ){0,2}(?:receber"
    r"(?: (?:mais|essas|estas|suas|as|mensagens|sms|nada|isso|propaganda))+|mensagens|sms"
    r"|ser contatad[oa]|contato|propaganda)\b",
    r"^(?:nao )?(?:mais|chega de) (?:mensagens|sms|propaganda)\b|\bsem mais mensagens\b",
    r"\b(?:me )?(?:deixa|deixe|deixem) ?(?:me )?(?:\w+ )?em paz\b",
    r"^(?:\w+ ){0,3}(?:numero|pessoa) errad[oa](?: desculpe?| obrigad[oa])*$|^foi engano$",
    r"\b(?:voce|voces|este|esse|isso|e|esta) (?:\w+ ){0,3}(?:numero|pessoa) errad[oa]\b",
    r"\b(?:me )?(?:tire|tira|tirem|remova|remove|removam|retire|retirem|exclua|excluam|apague"
    r"|apaguem|delete|deletem) ?(?:me )?(?:(?:\w+ ){0,3}(?:lista|listas|cadastro|banco de dados"
    r"|sistema|contatos)|(?:o )?meu (?:numero|contato|telefone|nome)|(?:os )?meus dados)\b",
    r"\bdescadastr\w+\b|\bsair (?:da|dessa|desta|de sua) lista\b|\bcancelar? (?:\w+ ){0,2}"
    r"(?:inscricao|mensagens|sms)\b",
    r"\b(?:retiro|revogo) (?:o )?(?:meu )?consentimento\b|\bisso e spam\b",
)
ITALIAN = (
    r"^(?:per favore )?(?:rimuovi|rimuovere|cancellati|disiscrivi)(?: per favore| grazie)*$",
    r"^(?:smettila|smettetela|la smetta|annulla iscrizione)(?: per favore)?$",
    rf"\b(?:smett\w+|piantat\w+|finit\w+|basta|fermat\w+) (?:di |con |a |i |gli |questi "
    rf"|con i )*{A_FEW}"
    r"(?:scriver(?:mi|ci)|messagg\w+|sms|contattar(?:mi|ci)|disturbar\w*|molestar\w*|spam"
    r"|(?:mandar|inviar)(?:mi|e) (?:\w+ ){0,2}(?:messagg\w+|sms|roba|pubblicita))\b",
    r"\bnon (?:mi |ci )?(?:scriver\w*|scrivete\w*|scriva|scrivano|contatt\w+|mandat\w+|mandar\w+"
    r"|inviat\w+|inviar\w+|disturb\w+|molest\w+) (?:\w+ ){0,2}(?:piu|mai piu)(?! tardi)\b",
    r"\bnon (?:mi |ci )?(?:disturbat\w+|disturbar\w+|disturbi|molestat\w+)\b",
    r"\bnon (?:voglio|desidero|vorrei|vogliamo) (?:piu )?(?:\w+ ){0,2}(?:ricever\w+ (?:\w+ ){0,3}"
    r"(?:messagg\w+|sms|pubblicita|nulla|niente|comunicazioni)|messaggi|sms|essere contattat[oa]"
    r"|essere disturbat[oa])\b",
    r"^(?:niente |nessun |mai )?(?:piu )?(?:messaggi|sms|pubblicita)(?: piu| basta| per favore)+$",
    r"\b(?:lasciat|lascia|mi lasci|ci lasci)\w* (?:\w+ )?(?:in pace|stare)\b",
    r"^(?:\w+ ){0,3}(?:numero|persona) (?:sbagliat[oa]|errat[oa])(?: scusi| mi dispiace| grazie)*$",
    r"\b(?:ha|avete|hai) (?:\w+ ){0,2}(?:sbagliato (?:numero|persona)|(?:il )?numero sbagliato)\b",
    r"\b(?:togli|cancell|rimuov|elimin|tolg)\w* (?:\w+ ){0,3}(?:dalla|dalle|dal|dai|da)"
    r" (?:\w+ ){0,2}"
    r"(?:lista|liste|elenco|database|contatti|mailing|rubrica|elenchi)\b",
    r"\b(?:togli|cancell|rimuov|elimin)\w* (?:il mio (?:numero|nome)|i miei dati)\b",
    r"\bdisiscri\w+\b|\bcancellami\b|\bcancellatemi\b|\bmi cancelli\b",
    r"\brevoco (?:il )?(?:mio )?consenso\b|\b(?:questo|questa) e (?:spam|molestia)\b",
)
NOT_MEANT = (
    r"\b(?:dont|do not|don t|cant|cannot|can t|never|didnt|wont|couldnt|why did you)"
    r" (?:\w+ )?(?:stop|quit|cease|remove|take|delete|unsubscribe|leave|opt|lose|forget)\b",
    r"\breply stop to (?:opt out|end) (?:\w+ ){0,3}help\b",
    r"\bnot (?:stop|unsubscribe|remove|opt)\b|\bunsubscribe (?:link|button|page)\b|\b(?:i|we)"
    r" (?:(?!you)\w+ ){0,2}(?:entered|gave|typed|wrote|put"
    r"|dialed|dialled|called|texted|have|had|used|provided) (?:\w+ ){0,3}wrong (?:number|person)\b",
    r"\b(?:nicht|keinesfalls) (?:\w+ )?(?:abmelden|loschen|entfernen|aufhoren)\b",
    r"\b(?:ich habe|habe ich|hab) (?:\w+ ){0,4}falsche (?:nummer|handynummer)\b",
    r"\b(?:mi sono|ho) (?:\w+ )?sbagliat\w*\b|\bje me suis tromp\w+\b|\bme equivoque\b",
    r"\b(?:puse|di|escribi|dei|coloquei|digitei|jai donne|jai mis) (?:\w+ ){0,3}(?:numero"
    r"|nummer)\b",
)
"""Sentences in which such words mean something else."""

STEMS = frozenset(
    {
        *("stop", "quit", "ceas", "text", "txt", "txti", "mess", "msg", "msgs", "sms", "cont"),
        *("spam", "hara", "both", "bugg", "remo", "take", "dele", "eras", "drop", "get", "scra"),
        *("cros", "wron", "leav", "let", "lose", "forg", "numb", "phon", "fuck", "piss", "sod"),
        *("eff", "stfu", "send", "away", "lost", "buzz", "unsu", "un", "opt", "opti", "revo"),
        *("with", "sign", "subs", "cons", "bloc", "repo", "righ", "comm", "blow", "more", "agre"),
        *("hor", "hoer", "hort", "hore", "aufh", "kein", "nach", "schr", "kont", "nerv", "bela"),
        *("lass", "fals", "losc", "loes", "entf", "stre", "nimm", "nehm", "trag", "abme", "abbe"),
        *("aust", "meld", "wide", "einw", "zust", "verp", "genu", "schl", "werb", "ansc", "schi"),
        *("arre", "mecr", "envo", "menv", "dera", "pub", "pubs", "publ", "harc", "lais", "fich"),
        *("fout", "fous", "mauv", "faux", "erre", "trom", "reti", "enle", "supp", "effa", "raye"),
        *("ote", "oter", "otez", "sort", "desa", "desi", "mdes", "dega", "nume", "ecri", "rece"),
        *("deja", "deje", "pare", "para", "cese", "bast", "escr", "mole", "mand", "envi", "mens"),
        *("pers", "borr", "elim", "saqu", "sac", "saca", "baja", "acos", "mas", "dest", "bon"),
        *("deix", "cheg", "pert", "inco", "prop", "paz", "erra", "enga", "tire", "tira", "excl"),
        *("apag", "desc", "sair", "canc", "insc", "mais", "smet", "pian", "fini", "ferm", "scri"),
        *("dist", "invi", "rice", "vogl", "pubb", "lasc", "pace", "sbag", "togl", "rimu", "tolg"),
        *(
            "turn",
            "swit",
            "bloc",
            "belo",
            "owne",
            "mein",
            "nich",
            "disi",
            "end",
            "annu",
            "la",
            "alto",
            "ruhe",
            "noti",
        ),
    }
)
"""Beginnings of words. Every wish contains one of them; most texts do not, and are skipped."""
STEM = 4


def either(patterns: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern that matches what any of the patterns matches, at the start of a word."""
    return re.compile(rf"\b(?:{'|'.join(f'(?:{pattern})' for pattern in patterns)})")


EVERY = (*ENGLISH, *GERMAN, *FRENCH, *SPANISH, *PORTUGUESE, *ITALIAN)
WISHES = either(EVERY)
OF_A_CLAUSE = either(pattern for pattern in EVERY if "^" in pattern or "$" in pattern)
"""Patterns bound to the beginning or end of a text; they are tried on each clause too."""
OTHERWISE = either(NOT_MEANT)
