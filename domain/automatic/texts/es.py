"""Automatic messages in Spanish, with the formal address."""

from domain.automatic.kinds import Automatic
from domain.automatic.texts.pieces import Question, TextSet, Units

TEXTS = {
    Automatic.first_welcome: "Le damos la bienvenida a {brand}. Enseguida le atendemos. "
    "Responda STOP para darse de baja, INFO para recibir ayuda.",
    Automatic.welcome: "Gracias por su mensaje. Enseguida le atendemos.",
    Automatic.first_welcome_off_hours: "Le damos la bienvenida a {brand}. Ahora estamos fuera de "
    "horario; le responderemos en cuanto abramos. STOP para darse de baja, INFO para ayuda.",
    Automatic.welcome_off_hours: "Gracias por su mensaje. Ahora estamos fuera de horario; "
    "le responderemos en cuanto abramos.",
    Automatic.off_hours: "Ahora estamos fuera de horario. Hemos recibido su mensaje y le "
    "responderemos en cuanto abramos.",
    Automatic.agent_joined: "Ahora le atiende {agent}.",
    Automatic.transferred_to_skill: "Le pasamos con nuestro equipo de {skill}.",
    Automatic.transferred_to_agent: "Le pasamos con {agent}.",
    Automatic.returned_to_queue: "Un momento, por favor: enseguida le atiende otra persona de "
    "nuestro equipo.",
    Automatic.manager_joined: "{agent} también le atiende ahora.",
    Automatic.manager_left: "{agent} se ha despedido; le seguimos atendiendo.",
    Automatic.waiting_in_queue: "Gracias por su paciencia. Nuestro equipo sigue ocupado; "
    "le atenderemos lo antes posible.",
    Automatic.agent_silent: "Disculpe la espera: seguimos con su consulta y le responderemos "
    "pronto.",
    Automatic.consumer_silent: "¿Sigue necesitando ayuda? Responda a este mensaje cuando quiera.",
    Automatic.response_time_changed: "Le responderemos en un plazo de {response_time}.",
    Automatic.closed_by_agent: "Damos por cerrada su consulta. Puede escribirnos cuando quiera.",
    Automatic.auto_close_warning: "Si no recibimos respuesta, cerraremos pronto su consulta. "
    "Para seguir, responda a este mensaje.",
    Automatic.auto_closed: "Hemos cerrado su consulta al no recibir respuesta. "
    "Puede escribirnos cuando quiera.",
    Automatic.survey_resolved: "¿Hemos resuelto su consulta? Responda SÍ o NO.",
    Automatic.survey_recommend: "¿En qué medida recomienda {brand}? Responda del 0 "
    "(en absoluto) al 10 (totalmente).",
    Automatic.survey_comment: "¿Desea añadir un comentario? Puede escribirlo en su respuesta.",
    Automatic.survey_thanks: "¡Gracias por su respuesta!",
    Automatic.survey_expired: "La encuesta ha terminado. Puede escribirnos cuando quiera.",
    Automatic.survey_unrecognised: "Gracias. No encontramos una nota en su respuesta. "
    "Una persona de nuestro equipo va a leer lo que escribe.",
    Automatic.media_refused: "Lo sentimos, solo podemos recibir texto y fotos. "
    "Cuéntenos su consulta por escrito, por favor.",
    Automatic.opted_out: "{brand}: hemos tramitado su baja y no le enviaremos nuevos SMS. "
    "Responda START para volver a recibirlos.",
    Automatic.opted_in: "{brand}: ya puede recibir de nuevo nuestros SMS. "
    "Responda INFO para recibir ayuda, STOP para darse de baja.",
    Automatic.help: "{brand}: escriba su consulta y le responderemos. "
    "Pueden aplicarse las tarifas de su operador. Responda STOP para darse de baja.",
}

QUESTIONS = {
    "one_to_five": Question(
        "¿Qué le ha parecido nuestra ayuda? Responda del 1 (muy mala) al 5 (excelente).",
        "Disculpe, no lo hemos entendido. Responda con una cifra del 1 al 5, por favor.",
    ),
    "zero_to_ten": Question(
        "¿Qué le ha parecido nuestra ayuda? Responda del 0 (muy mala) al 10 (excelente).",
        "Disculpe, no lo hemos entendido. Responda con una cifra del 0 al 10, por favor.",
    ),
    "thumbs": Question(
        "¿Qué le ha parecido nuestra ayuda? Responda con 👍 o 👎.",
        "Disculpe, no lo hemos entendido. Responda con 👍 o 👎.",
    ),
}

OWN_SCALE = Question(
    "¿Qué le ha parecido nuestra ayuda? Responda con una de estas opciones: {labels}.",
    "Disculpe, no lo hemos entendido. Responda con una de estas opciones: {labels}.",
)

UNITS = Units(
    join=" y ",
    days=("día", "días"),
    hours=("hora", "horas"),
    minutes=("minuto", "minutos"),
    seconds=("segundo", "segundos"),
)

SET = TextSet(TEXTS, QUESTIONS, OWN_SCALE, UNITS)
