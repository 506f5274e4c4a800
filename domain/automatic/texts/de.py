"""Automatic messages in German, with the formal address."""

from domain.automatic.kinds import Automatic
from domain.automatic.texts.pieces import Question, TextSet, Units

TEXTS = {
    Automatic.first_welcome: "Willkommen bei {brand}! Gleich ist jemand für Sie da. "
    "Abmelden mit STOP, Hilfe mit INFO.",
    Automatic.welcome: "Vielen Dank für Ihre Nachricht. Gleich ist jemand für Sie da.",
    Automatic.first_welcome_off_hours: "Willkommen bei {brand}! Wir haben gerade geschlossen und "
    "antworten, sobald wir wieder da sind. Abmelden mit STOP, Hilfe mit INFO.",
    Automatic.welcome_off_hours: "Vielen Dank für Ihre Nachricht. Wir haben gerade geschlossen "
    "und antworten, sobald wir wieder da sind.",
    Automatic.off_hours: "Wir haben jetzt geschlossen. Ihre Nachricht ist angekommen; "
    "wir antworten, sobald wir wieder da sind.",
    Automatic.agent_joined: "Sie schreiben jetzt mit {agent}.",
    Automatic.transferred_to_skill: "Wir leiten Sie an unser Team {skill} weiter.",
    Automatic.transferred_to_agent: "Wir leiten Sie an {agent} weiter.",
    Automatic.returned_to_queue: "Einen Moment, bitte: Gleich ist jemand anderes aus unserem Team "
    "für Sie da.",
    Automatic.manager_joined: "{agent} ist jetzt auch für Sie da.",
    Automatic.manager_left: "{agent} hat das Gespräch verlassen.",
    Automatic.waiting_in_queue: "Danke für Ihre Geduld. Zurzeit sind alle im Gespräch; "
    "wir melden uns so bald wie möglich.",
    Automatic.agent_silent: "Entschuldigung, es dauert etwas länger. Sie hören bald von uns.",
    Automatic.consumer_silent: "Können wir noch etwas für Sie tun? "
    "Antworten Sie einfach auf diese Nachricht.",
    Automatic.response_time_changed: "Bis zu unserer Antwort dauert es höchstens {response_time}.",
    Automatic.closed_by_agent: "Dieses Gespräch ist jetzt beendet. "
    "Schreiben Sie uns jederzeit wieder.",
    Automatic.auto_close_warning: "Wenn wir nichts von Ihnen hören, beenden wir dieses Gespräch "
    "bald. Mit einer Antwort bleibt es offen.",
    Automatic.auto_closed: "Wir haben dieses Gespräch beendet, weil wir nichts mehr von Ihnen "
    "gehört haben. Schreiben Sie uns jederzeit wieder.",
    Automatic.survey_resolved: "Konnten wir Ihr Anliegen klären? "
    "Bitte antworten Sie mit JA oder NEIN.",
    Automatic.survey_recommend: "Wie wahrscheinlich ist es, dass Sie {brand} weiterempfehlen, "
    "von 0 (gar nicht) bis 10 (sehr wahrscheinlich)?",
    Automatic.survey_comment: "Möchten Sie uns noch mehr dazu sagen? "
    "Schreiben Sie es einfach hier.",
    Automatic.survey_thanks: "Vielen Dank für Ihre Bewertung!",
    Automatic.survey_expired: "Unsere Umfrage ist jetzt beendet. "
    "Schreiben Sie uns jederzeit wieder.",
    Automatic.survey_unrecognised: "Vielen Dank. Wir haben darin keine Bewertung erkannt. "
    "Unser Team liest, was Sie geschrieben haben.",
    Automatic.media_refused: "Hier können wir leider nur Text und Bilder empfangen. "
    "Bitte beschreiben Sie Ihr Anliegen in Worten.",
    Automatic.opted_out: "{brand}: Sie sind abgemeldet und erhalten keine SMS mehr. "
    "Mit START melden Sie sich wieder an.",
    Automatic.opted_in: "{brand}: Sie sind wieder angemeldet. Hilfe mit INFO, abmelden mit STOP.",
    Automatic.help: "{brand}: Schreiben Sie uns Ihre Frage, wir antworten gern. "
    "Es gelten die Preise Ihres Mobilfunkvertrags. Abmelden mit STOP.",
}

QUESTIONS = {
    "one_to_five": Question(
        "Wie zufrieden sind Sie mit uns? Bitte antworten Sie mit einer Zahl "
        "von 1 (schlecht) bis 5 (sehr gut).",
        "Das habe ich leider nicht verstanden. Bitte antworten Sie mit einer Zahl von 1 bis 5.",
    ),
    "zero_to_ten": Question(
        "Wie zufrieden sind Sie mit uns? Bitte antworten Sie mit einer Zahl "
        "von 0 (schlecht) bis 10 (sehr gut).",
        "Das habe ich leider nicht verstanden. Bitte antworten Sie mit einer Zahl von 0 bis 10.",
    ),
    "thumbs": Question(
        "Wie zufrieden sind Sie mit uns? Bitte antworten Sie mit 👍 oder 👎.",
        "Leider nicht verstanden. Bitte antworten Sie mit 👍 oder 👎.",
    ),
}

OWN_SCALE = Question(
    "Wie zufrieden sind Sie mit uns? Bitte antworten Sie mit einem von diesen: {labels}.",
    "Das habe ich leider nicht verstanden. Bitte antworten Sie mit einem von diesen: {labels}.",
)

UNITS = Units(
    join=" und ",
    days=("Tag", "Tage"),
    hours=("Stunde", "Stunden"),
    minutes=("Minute", "Minuten"),
    seconds=("Sekunde", "Sekunden"),
)

SET = TextSet(TEXTS, QUESTIONS, OWN_SCALE, UNITS)
