"""What a menu says and texts in German."""

from domain.calls.kinds import Wording

TEXTS = {
    Wording.offer: (
        "Vielen Dank für Ihren Anruf bei {brand}. Zurzeit sind alle Plätze besetzt. Um per "
        "SMS weiterzumachen, drücken Sie die 1 oder sagen Sie: Schreib mir. Um weiter zu "
        "warten, drücken Sie die 2. Um das noch einmal zu hören, drücken Sie die 0."
    ),
    Wording.other_language: "Für Deutsch drücken Sie die {key}.",
    Wording.not_understood: "Das habe ich leider nicht verstanden.",
    Wording.offer_again: (
        "Danke, dass Sie warten. Um per SMS weiterzumachen, drücken Sie die 1 oder sagen "
        "Sie: Schreib mir. Um weiter zu warten, drücken Sie die 2."
    ),
    Wording.nobody_free: (
        "Niemand konnte Ihren Anruf annehmen. Um per SMS weiterzumachen, drücken Sie die 1 "
        "oder sagen Sie: Schreib mir."
    ),
    Wording.waiting: "Bitte bleiben Sie am Apparat.",
    Wording.texted: (
        "Wir haben Ihnen eine SMS geschickt. Antworten Sie, wann immer es Ihnen passt. Auf "
        "Wiederhören."
    ),
    Wording.landline: (
        "Sie rufen von einer Nummer an, die keine SMS empfangen kann. Um uns zu schreiben, "
        "rufen Sie bitte von einem Handy an."
    ),
    Wording.hidden: (
        "Ihre Rufnummer ist unterdrückt, deshalb können wir Ihnen keine SMS schicken. Um uns "
        "zu schreiben, rufen Sie bitte mit sichtbarer Nummer an."
    ),
    Wording.stopped: (
        "Sie haben unsere SMS abbestellt, deshalb können wir Ihnen nicht schreiben. Um sie "
        "wieder zu erhalten, schicken Sie das Wort START an {number}."
    ),
    Wording.refused: "Wir können Ihnen keine SMS schicken.",
    Wording.goodbye: "Auf Wiederhören.",
    Wording.text: (
        "{brand}: Danke für Ihren Anruf. Wie können wir helfen? Antworten Sie hier. Es "
        "gelten die Preise Ihres Anbieters. Mit STOP bestellen Sie ab."
    ),
    Wording.missed_text: (
        "{brand}: Wir haben Ihren Anruf verpasst. Wie können wir helfen? Antworten Sie hier. "
        "Es gelten die Preise Ihres Anbieters. Mit STOP bestellen Sie ab."
    ),
}
