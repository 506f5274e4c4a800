"""Automatic messages in Italian, with the formal address."""

from domain.automatic.kinds import Automatic
from domain.automatic.texts.pieces import Question, TextSet, Units

TEXTS = {
    Automatic.first_welcome: "{brand} Le dà il benvenuto! Un operatore Le risponderà a breve. "
    "Scriva STOP per non ricevere altri SMS, INFO per assistenza.",
    Automatic.welcome: "Grazie per il Suo messaggio. Un operatore Le risponderà a breve.",
    Automatic.first_welcome_off_hours: "{brand} Le dà il benvenuto! Ora siamo chiusi: Le "
    "risponderemo alla riapertura. Scriva STOP per non ricevere altri SMS, INFO per assistenza.",
    Automatic.welcome_off_hours: "Grazie per il Suo messaggio. Ora siamo chiusi: "
    "Le risponderemo alla riapertura.",
    Automatic.off_hours: "Ora siamo chiusi. Abbiamo ricevuto il Suo messaggio e Le risponderemo "
    "alla riapertura.",
    Automatic.agent_joined: "Ora Le risponde {agent}.",
    Automatic.transferred_to_skill: "La mettiamo in contatto con il nostro team {skill}.",
    Automatic.transferred_to_agent: "La mettiamo in contatto con {agent}.",
    Automatic.returned_to_queue: "Un momento, per favore: tra poco Le risponderà un altro "
    "operatore.",
    Automatic.manager_joined: "{agent} partecipa ora alla conversazione.",
    Automatic.manager_left: "{agent} ha lasciato la conversazione.",
    Automatic.waiting_in_queue: "Grazie per la pazienza. Gli operatori sono ancora occupati: "
    "Le risponderemo appena possibile.",
    Automatic.agent_silent: "Ci scusi per l'attesa: serve ancora un po' di tempo. "
    "Le risponderemo presto.",
    Automatic.consumer_silent: "Ha ancora bisogno di noi? Basta rispondere a questo messaggio.",
    Automatic.response_time_changed: "Le risponderemo entro {response_time}.",
    Automatic.closed_by_agent: "La conversazione è conclusa. Ci scriva quando vuole.",
    Automatic.auto_close_warning: "Senza una Sua risposta, questa conversazione si chiuderà a "
    "breve. Per continuare basta rispondere a questo messaggio.",
    Automatic.auto_closed: "Abbiamo chiuso la conversazione perché non abbiamo ricevuto risposta. "
    "Ci scriva quando vuole.",
    Automatic.survey_resolved: "Abbiamo risolto la Sua richiesta? Risponda con sì o no.",
    Automatic.survey_recommend: "Da 0 (per niente) a 10 (sicuramente), consiglierebbe {brand} "
    "ad altri?",
    Automatic.survey_comment: "Vuole aggiungere un commento? Può scriverlo qui.",
    Automatic.survey_thanks: "Grazie per la Sua valutazione!",
    Automatic.survey_expired: "Il sondaggio è chiuso. Ci scriva quando vuole.",
    Automatic.survey_unrecognised: "Grazie. Non abbiamo trovato una valutazione nella risposta. "
    "Qualcuno del nostro team la leggerà.",
    Automatic.media_refused: "Ci dispiace, qui possiamo ricevere solo testo e foto. "
    "Ci descriva la Sua richiesta a parole.",
    Automatic.opted_out: "{brand}: non riceverà altri SMS da noi. "
    "Risponda START per riceverli di nuovo.",
    Automatic.opted_in: "{brand}: riceverà di nuovo i nostri SMS. "
    "Scriva INFO per assistenza, STOP per non riceverne altri.",
    Automatic.help: "{brand}: ci scriva la Sua domanda e Le risponderemo. Costi secondo il Suo "
    "piano tariffario. Scriva STOP per non ricevere altri SMS.",
}

QUESTIONS = {
    "one_to_five": Question(
        "Come valuta il nostro servizio? Risponda con un numero da 1 (pessimo) a 5 (ottimo).",
        "Ci dispiace, non abbiamo capito. Risponda con un numero da 1 a 5.",
    ),
    "zero_to_ten": Question(
        "Come valuta il nostro servizio? Risponda con un numero da 0 (pessimo) a 10 (ottimo).",
        "Ci dispiace, non abbiamo capito. Risponda con un numero da 0 a 10.",
    ),
    "thumbs": Question(
        "Come valuta il nostro servizio? Risponda con 👍 o 👎.",
        "Ci dispiace, non abbiamo capito. Risponda con 👍 o 👎.",
    ),
}

OWN_SCALE = Question(
    "Come valuta il nostro servizio? Risponda con una di queste parole: {labels}.",
    "Ci dispiace, non abbiamo capito. Risponda con una di queste parole: {labels}.",
)

UNITS = Units(
    join=" e ",
    days=("giorno", "giorni"),
    hours=("ora", "ore"),
    minutes=("minuto", "minuti"),
    seconds=("secondo", "secondi"),
)

SET = TextSet(TEXTS, QUESTIONS, OWN_SCALE, UNITS)
