"""What a menu says and texts in French."""

from domain.calls.kinds import Wording

TEXTS = {
    Wording.offer: (
        "Merci d'avoir appelé {brand}. Tous nos conseillers sont occupés. Pour continuer "
        "par SMS, appuyez sur 1 ou dites : écrivez-moi. Pour patienter, appuyez sur 2. Pour "
        "réécouter ce message, appuyez sur 0."
    ),
    Wording.other_language: "Pour le français, appuyez sur {key}.",
    Wording.not_understood: "Désolé, je n'ai pas compris.",
    Wording.offer_again: (
        "Merci de patienter. Pour continuer par SMS, appuyez sur 1 ou dites : écrivez-moi. "
        "Pour patienter encore, appuyez sur 2."
    ),
    Wording.nobody_free: (
        "Personne n'a pu prendre votre appel. Pour continuer par SMS, appuyez sur 1 ou "
        "dites : écrivez-moi."
    ),
    Wording.waiting: "Restez en ligne, s'il vous plaît.",
    Wording.texted: "Nous vous avons envoyé un SMS. Répondez quand vous voulez. Au revoir.",
    Wording.landline: (
        "Vous appelez depuis un numéro qui ne peut pas recevoir de SMS. Pour nous écrire, "
        "appelez depuis un téléphone mobile."
    ),
    Wording.hidden: (
        "Votre numéro est masqué, nous ne pouvons donc pas vous envoyer de SMS. Pour nous "
        "écrire, affichez votre numéro quand vous appelez."
    ),
    Wording.stopped: (
        "Vous avez refusé nos SMS, nous ne pouvons donc pas vous écrire. Pour les recevoir "
        "de nouveau, envoyez le mot START au {number}."
    ),
    Wording.refused: "Nous ne pouvons pas vous envoyer de SMS.",
    Wording.goodbye: "Au revoir.",
    Wording.text: (
        "{brand} : merci de votre appel. Comment vous aider ? Répondez ici. Des frais "
        "peuvent s'appliquer. STOP pour ne plus recevoir de SMS."
    ),
    Wording.missed_text: (
        "{brand} : désolés d'avoir manqué votre appel. Comment vous aider ? Répondez ici. "
        "Des frais peuvent s'appliquer. STOP pour ne plus recevoir de SMS."
    ),
}
