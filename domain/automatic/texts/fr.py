"""Automatic messages in French, with the formal address."""

from domain.automatic.kinds import Automatic
from domain.automatic.texts.pieces import Question, TextSet, Units

TEXTS = {
    Automatic.first_welcome: "Bienvenue chez {brand} ! Un conseiller vous répond dans un instant. "
    "STOP pour vous désabonner, INFO pour de l'aide.",
    Automatic.welcome: "Merci pour votre message. Un conseiller vous répond dans un instant.",
    Automatic.first_welcome_off_hours: "Bienvenue chez {brand} ! Nous sommes fermés et vous "
    "répondrons dès la réouverture. STOP pour vous désabonner, INFO pour de l'aide.",
    Automatic.welcome_off_hours: "Merci pour votre message. Nous sommes fermés pour le moment "
    "et vous répondrons dès la réouverture.",
    Automatic.off_hours: "Nous sommes fermés pour le moment. Votre message est bien arrivé : "
    "nous y répondrons dès la réouverture.",
    Automatic.agent_joined: "{agent} prend en charge votre demande.",
    Automatic.transferred_to_skill: "Nous transmettons votre demande à notre équipe {skill}.",
    Automatic.transferred_to_agent: "Nous transmettons votre demande à {agent}.",
    Automatic.returned_to_queue: "Un instant, merci : un autre conseiller va vous répondre.",
    Automatic.manager_joined: "{agent} a rejoint la conversation.",
    Automatic.manager_left: "{agent} a quitté la conversation.",
    Automatic.waiting_in_queue: "Merci de votre patience. Nos conseillers sont encore occupés ; "
    "nous vous répondrons dès que possible.",
    Automatic.agent_silent: "Désolés, cela prend un peu plus de temps. "
    "Nous revenons vers vous très vite.",
    Automatic.consumer_silent: "Avez-vous encore besoin de nous ? "
    "Il vous suffit de répondre à ce message.",
    Automatic.response_time_changed: "Nous vous répondrons sous {response_time}.",
    Automatic.closed_by_agent: "Cette conversation est maintenant terminée. "
    "Écrivez-nous quand vous voulez.",
    Automatic.auto_close_warning: "Sans réponse de votre part, cette conversation se terminera "
    "prochainement. Répondez à ce message pour la poursuivre.",
    Automatic.auto_closed: "Sans nouvelles de votre part, nous avons clos cette conversation. "
    "Écrivez-nous quand vous voulez.",
    Automatic.survey_resolved: "Avons-nous résolu votre demande ? Répondez par OUI ou NON.",
    Automatic.survey_recommend: "De 0 (pas du tout) à 10 (sans hésiter), recommanderiez-vous "
    "{brand} à vos proches ?",
    Automatic.survey_comment: "Souhaitez-vous nous en dire plus ? Écrivez-le simplement ici.",
    Automatic.survey_thanks: "Merci pour votre évaluation !",
    Automatic.survey_expired: "Notre sondage est maintenant clos. Écrivez-nous quand vous voulez.",
    Automatic.survey_unrecognised: "Merci. Nous n'avons pas pu y lire de note. "
    "Une personne de notre service lira vos messages.",
    Automatic.media_refused: "Désolés, nous ne recevons ici que du texte et des photos. "
    "Merci de décrire votre demande par écrit.",
    Automatic.opted_out: "{brand} : vous ne recevrez plus de SMS de notre part. "
    "Répondez START pour vous réabonner.",
    Automatic.opted_in: "{brand} : vous recevrez de nouveau nos SMS. INFO pour de l'aide, "
    "STOP pour vous désabonner.",
    Automatic.help: "{brand} : envoyez-nous votre question, un conseiller vous répondra. "
    "Prix d'un SMS selon votre forfait. STOP pour vous désabonner.",
}

QUESTIONS = {
    "one_to_five": Question(
        "Que pensez-vous de notre service ? Répondez par une note de 1 (mauvais) à 5 (excellent).",
        "Désolés, nous n'avons pas compris. Répondez par un chiffre de 1 à 5.",
    ),
    "zero_to_ten": Question(
        "Que pensez-vous de notre service ? Répondez par une note de 0 (mauvais) à 10 (excellent).",
        "Désolés, nous n'avons pas compris. Répondez par un nombre de 0 à 10.",
    ),
    "thumbs": Question(
        "Que pensez-vous de notre service ? Répondez par 👍 ou 👎.",
        "Désolés, nous n'avons pas compris. Répondez par 👍 ou 👎.",
    ),
}

OWN_SCALE = Question(
    "Que pensez-vous de notre service ? Répondez par l'un de ces choix : {labels}.",
    "Désolés, nous n'avons pas compris. Répondez par l'un de ces choix : {labels}.",
)

UNITS = Units(
    join=" et ",
    days=("jour", "jours"),
    hours=("heure", "heures"),
    minutes=("minute", "minutes"),
    seconds=("seconde", "secondes"),
    zero_is_singular=True,
)

SET = TextSet(TEXTS, QUESTIONS, OWN_SCALE, UNITS)
