"""What a menu says and texts in Italian."""

from domain.calls.kinds import Wording

TEXTS = {
    Wording.offer: (
        "Grazie per aver chiamato {brand}. Tutti i nostri operatori sono occupati. Per "
        "continuare via SMS, prema 1 o dica: mi scriva. Per restare in attesa, prema 2. Per "
        "riascoltare il messaggio, prema 0."
    ),
    Wording.other_language: "Per l'italiano, prema {key}.",
    Wording.not_understood: "Mi dispiace, non ho capito.",
    Wording.offer_again: (
        "Grazie per l'attesa. Per continuare via SMS, prema 1 o dica: mi scriva. Per "
        "restare in attesa, prema 2."
    ),
    Wording.nobody_free: (
        "Nessuno ha potuto rispondere. Per continuare via SMS, prema 1 o dica: mi scriva."
    ),
    Wording.waiting: "Resti in linea, per favore.",
    Wording.texted: "Le abbiamo inviato un SMS. Risponda quando vuole. Arrivederci.",
    Wording.landline: (
        "Sta chiamando da un numero che non può ricevere SMS. Per scriverci, chiami da un "
        "cellulare."
    ),
    Wording.hidden: (
        "Sta chiamando con numero nascosto, quindi non possiamo inviarle SMS. Per "
        "scriverci, mostri il suo numero quando chiama."
    ),
    Wording.stopped: (
        "Ha disattivato i nostri SMS, quindi non possiamo scriverle. Per riceverli di "
        "nuovo, invii la parola START al {number}."
    ),
    Wording.refused: "Non possiamo inviarle SMS.",
    Wording.goodbye: "Arrivederci.",
    Wording.text: (
        "{brand}: Grazie per averci chiamato. Come possiamo aiutarla? Risponda qui. "
        "Potrebbero esserci costi. Risponda STOP per non ricevere altri SMS."
    ),
    Wording.missed_text: (
        "{brand}: Abbiamo perso la sua chiamata. Come possiamo aiutarla? Risponda qui. "
        "Potrebbero esserci costi. Risponda STOP per non ricevere altri SMS."
    ),
}
