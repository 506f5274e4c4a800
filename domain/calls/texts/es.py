"""What a menu says and texts in Spanish."""

from domain.calls.kinds import Wording

TEXTS = {
    Wording.offer: (
        "Gracias por llamar a {brand}. Todos nuestros agentes están ocupados. Para "
        "continuar por SMS, pulse 1 o diga: escríbame. Para seguir esperando, pulse 2. Para "
        "volver a escuchar este mensaje, pulse 0."
    ),
    Wording.other_language: "Para español, pulse {key}.",
    Wording.not_understood: "Lo siento, no le he entendido.",
    Wording.offer_again: (
        "Gracias por esperar. Para continuar por SMS, pulse 1 o diga: escríbame. Para "
        "seguir esperando, pulse 2."
    ),
    Wording.nobody_free: (
        "Nadie pudo atender su llamada. Para continuar por SMS, pulse 1 o diga: escríbame."
    ),
    Wording.waiting: "Permanezca en la línea, por favor.",
    Wording.texted: "Le hemos enviado un mensaje. Responda cuando quiera. Adiós.",
    Wording.landline: (
        "Llama desde un número que no puede recibir mensajes. Para escribirnos, llame desde "
        "un teléfono móvil."
    ),
    Wording.hidden: (
        "Llama con número oculto, por eso no podemos enviarle mensajes. Para escribirnos, "
        "muestre su número al llamar."
    ),
    Wording.stopped: (
        "Usted canceló nuestros mensajes, por eso no podemos escribirle. Para recibirlos de "
        "nuevo, envíe la palabra START al {number}."
    ),
    Wording.refused: "No podemos enviarle mensajes.",
    Wording.goodbye: "Adiós.",
    Wording.text: (
        "{brand}: Gracias por llamar. ¿En qué podemos ayudarle? Responda a este SMS. Pueden "
        "aplicarse tarifas. Responda STOP para no recibir mensajes."
    ),
    Wording.missed_text: (
        "{brand}: Sentimos no haberle atendido. ¿En qué podemos ayudarle? Responda a este "
        "SMS. Pueden aplicarse tarifas. Responda STOP para no recibir mensajes."
    ),
}
