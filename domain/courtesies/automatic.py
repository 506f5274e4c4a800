"""Replies that phones write for their owners: driving, away, out of the office."""

import re

from domain.survey.phrases import Words, is_word, phrase_at
from domain.survey.tokens import Kind
from domain.survey.vocabulary import manners
from domain.survey.vocabulary.sets import phrases, words
from domain.text.folding import fold

MARKS = phrases(
    "auto reply, autoreply, automatic reply, automated reply, auto response, autoresponse, "
    "automatic response, automated response, automatic message, automated message, auto message, "
    "autoresponder, auto responder, out of office, out of office reply, ooo, away message, "
    "automatische antwort, autoantwort, automatische nachricht, abwesenheitsnotiz, "
    "abwesenheitsnachricht, abwesenheitsmeldung, abwesend, ausser haus, "
    "reponse automatique, message automatique, message dabsence, absence du bureau, "
    "respuesta automatica, mensaje automatico, fuera de la oficina, "
    "resposta automatica, mensagem automatica, fora do escritorio, ausencia temporaria, "
    "risposta automatica, messaggio automatico, fuori sede, fuori ufficio"
)
"""A text is an automatic reply if one of these stands before a colon or in brackets at its start,
or in brackets at its end.
"""
SENTENCES = phrases(
    "this is an automatic reply, this is an automated reply, this is an automatic message, "
    "this is an automated message, this is an automatic response, this is an automated response, "
    "this is an auto reply, this message was sent automatically, sent automatically, "
    "this is an automatically generated message, i am away this is an automatic reply, "
    "dies ist eine automatische antwort, das ist eine automatische antwort, "
    "dies ist eine automatische nachricht, automatisch gesendet, "
    "diese nachricht wurde automatisch gesendet, diese nachricht wurde automatisch erstellt, "
    "ceci est une reponse automatique, ceci est un message automatique, envoye automatiquement, "
    "esta es una respuesta automatica, este es un mensaje automatico, enviado automaticamente, "
    "esta is uma resposta automatica, esta e uma resposta automatica, "
    "esta e uma mensagem automatica, este e um mensagem automatica, "
    "questa e una risposta automatica, questo e un messaggio automatico, "
    "inviato automaticamente"
)
"""Sentences by which such a text says so itself."""
LONGEST_MARK = 40
BETWEEN = (Kind.pause, Kind.symbol)
SENTENCE_END = re.compile(r"[.!;\n()\[\]*]+")

STATES = phrases(
    "im driving, i am driving, driving, currently driving, im currently driving, i am currently "
    "driving, im driving at the moment, im behind the wheel, im driving with, "
    "im on the road, im in a meeting, i am in a meeting, in a meeting, "
    "im currently in a meeting, im at work, im in class, im busy, i am busy, im sleeping, "
    "im currently unavailable, i am currently unavailable, im unavailable, i am unavailable, "
    "im not available, i am not available, im away, i am away, im currently away, "
    "i am currently away, im out of the office, i am out of the office, "
    "i am currently out of the office, im currently out of the office, im on vacation, "
    "i am on vacation, im on holiday, i am on holiday, im on leave, i am on leave, "
    "i have do not disturb turned on, i have notifications silenced, i cant talk right now, "
    "cant talk right now, cant talk now, i cant talk now, i cant answer right now, "
    "i cant text right now, i cant reply right now, i cannot answer right now, "
    "ich fahre gerade, ich fahre gerade auto, ich fahre auto, ich sitze gerade am steuer, "
    "ich bin am steuer, ich fahre momentan, ich bin gerade unterwegs, bin gerade unterwegs, "
    "ich bin im meeting, ich bin in einer besprechung, ich bin gerade in einer besprechung, "
    "ich bin nicht im buro, ich bin derzeit nicht im buro, ich bin zurzeit nicht im buro, "
    "ich bin derzeit nicht erreichbar, ich bin nicht erreichbar, ich bin im urlaub, "
    "ich kann gerade nicht sprechen, kann gerade nicht sprechen, ich bin abwesend, "
    "ich kann gerade nicht antworten, "
    "je conduis, je conduis actuellement, je suis au volant, je suis en voiture, "
    "je suis en reunion, je suis actuellement en reunion, je suis en conges, "
    "je suis absent, je suis absente, je suis actuellement absent, "
    "je suis actuellement absente, je ne suis pas disponible, je suis en vacances, "
    "je ne peux pas parler, je ne peux pas repondre, je suis indisponible, "
    "estoy conduciendo, estoy manejando, voy conduciendo, estoy en una reunion, "
    "estoy reunido, estoy reunida, estoy ocupado, estoy ocupada, estoy fuera de la oficina, "
    "estoy de vacaciones, no estoy disponible, no puedo hablar, no puedo hablar ahora, "
    "no puedo responder, no puedo contestar, "
    "estou dirigindo, estou conduzindo, estou at conduzir, estou a conduzir, estou ao volante, "
    "estou em reuniao, estou numa reuniao, estou em uma reuniao, estou ocupado, estou ocupada, "
    "estou fora do escritorio, estou de ferias, estou ausente, nao posso falar, "
    "nao posso falar agora, nao posso responder, nao estou disponivel, "
    "sto guidando, sono alla guida, sto guidando ora, sono in riunione, sono occupato, "
    "sono occupata, sono fuori ufficio, sono in ferie, sono in vacanza, non sono disponibile, "
    "non posso parlare, non posso rispondere, sono assente"
)
"""What the owner does, in the words of the ready-made replies of phones and cars."""
PROMISES = phrases(
    "i will see your message, ill see your message, will see your message, "
    "i will read your message, ill read your message, "
    "when i get where im going, when i get where i am going, when i arrive, when i stop, "
    "when i get there, when im done, when im back, when i am back, when i return, when i can, "
    "when i am done driving, when im done driving, when i park, as soon as i can, "
    "as soon as possible, as soon as im able, once i arrive, once im parked, asap, "
    "ill get back to you, i will get back to you, get back to you, ill reply, i will reply, "
    "ill respond, i will respond, ill text you, i will text you, ill text you back, "
    "i will text you back, ill call you, i will call you, ill call you back, "
    "i will call you back, ill call, call you back, ill text, ill message you, talk to you later, "
    "ill talk to you later, will reply, will call you, will call you back, will get back to you, "
    "i will answer, ill answer, i will not see your message, i cant reply, "
    "i cant answer, i cannot reply, i cant text, i cant respond, i wont see your message, "
    "do not disturb while driving turned on, driving focus turned on, driving focus on, "
    "with do not disturb while driving turned on, with driving focus turned on, "
    "im not receiving notifications, i am not receiving notifications, "
    "if this is urgent reply urgent to send a, notification through with your original message, "
    "if this is urgent, reply urgent, to send a notification through, "
    "with your original message, your message, "
    "ich sehe deine nachricht, ich sehe ihre nachricht, ich lese deine nachricht, "
    "ich melde mich, melde mich, ich antworte, ich rufe zuruck, rufe zuruck, ich rufe dich zuruck, "
    "ich rufe sie zuruck, sobald ich kann, sobald ich angekommen bin, sobald ich da bin, "
    "sobald wie moglich, so bald wie moglich, wenn ich angekommen bin, wenn ich da bin, "
    "sobald ich wieder da bin, bei dir, bei ihnen, zuruck, "
    "je verrai votre message, je verrai ton message, je vous rappelle, je te rappelle, "
    "je vous rappellerai, je te rappellerai, je vous reponds, je te reponds, je repondrai, "
    "je vous repondrai, je te repondrai, des que possible, des que je peux, "
    "des mon retour, quand jarrive, quand je serai arrive, at mon arrivee, "
    "vere tu mensaje, vere su mensaje, te llamo, le llamo, te llamare, le llamare, "
    "te respondo, le respondo, te respondere, le respondere, respondere, en cuanto pueda, "
    "cuando llegue, lo antes posible, cuando vuelva, te escribo, te devuelvo la llamada, "
    "vejo sua mensagem, verei sua mensagem, verei at sua mensagem, ligo, te ligo, "
    "ligo ja, retorno, "
    "respondo, responderei, assim que possivel, assim que puder, quando chegar, quando eu chegar, "
    "te respondo, entrarei em contato, "
    "vedro il tuo messaggio, leggero il tuo messaggio, ti richiamo, la richiamo, ti rispondo, "
    "le rispondo, rispondero, ti rispondero, ti scrivo, appena posso, appena possibile, "
    "il prima possibile, quando arrivo, al mio arrivo, al mio ritorno, quando torno"
)
FILLERS = words(
    "right now currently at the moment later soon shortly then back you sorry and so "
    "but just today "
    "gerade jetzt momentan derzeit spater bald dann und zurzeit auto bin leider entschuldigung "
    "actuellement maintenant plus tard bientot et desole desolee pour linstant "
    "ahora mismo mas tarde luego pronto ya y lo siento en este momento "
    "agora mais tarde depois logo breve em e desculpe no momento "
    "ora adesso piu tardi dopo presto e in scusa scusi questo momento al"
)


def is_marked(text: str) -> bool:
    """Say whether a text calls itself an automatic reply, at its start or end, or in a sentence."""
    opened = text.lstrip("[(*<# \n")
    for end in ":]\n)*>–—-":
        mark, found, _ = opened[:LONGEST_MARK].partition(end)
        if found and _is_mark(mark, MARKS):
            return True
    if text.endswith((")", "]", "*", ">")):
        at = max(text.rfind(sign) for sign in "([<\n")
        if _is_mark(text[at + 1 :], MARKS):
            return True
    return any(_is_mark(part, SENTENCES) for part in SENTENCE_END.split(text))


def is_state(found: Words) -> bool:
    """Say whether a text is only what its owner does and promises, in ready-made words."""
    index, has_state = 0, False
    while index < len(found):
        state = phrase_at(found, index, STATES)
        ends = [
            end
            for known in (PROMISES, manners.GREETINGS, manners.THANKS)
            if (end := phrase_at(found, index, known)) is not None
        ]
        if state and state >= max(ends, default=0):
            index, has_state = state, True
        elif ends:
            index = max(ends)
        elif found[index].kind in BETWEEN or is_word(found, index, FILLERS):
            index += 1
        else:
            return False
    return has_state


def _is_mark(text: str, known: frozenset[str]) -> bool:
    return fold(text) in known
