"""Automatic messages in Portuguese: formal, and in words that both Brazil and Portugal use."""

from domain.automatic.kinds import Automatic
from domain.automatic.texts.pieces import Question, TextSet, Units

TEXTS = {
    Automatic.first_welcome: "{brand}: boas-vindas! Alguém vai responder em instantes. "
    "Envie STOP para deixar de receber, INFO para ajuda.",
    Automatic.welcome: "Agradecemos a sua mensagem. Alguém vai responder em instantes.",
    Automatic.first_welcome_off_hours: "{brand}: boas-vindas! Estamos fechados e vamos responder "
    "assim que abrirmos. Envie STOP para deixar de receber, INFO para ajuda.",
    Automatic.welcome_off_hours: "Agradecemos a sua mensagem. Neste momento estamos fechados e "
    "vamos responder assim que abrirmos.",
    Automatic.off_hours: "Neste momento estamos fechados. Recebemos a sua mensagem e vamos "
    "responder assim que abrirmos.",
    Automatic.agent_joined: "{agent} vai cuidar do seu atendimento.",
    Automatic.transferred_to_skill: "Vamos transferir o seu atendimento para {skill}.",
    Automatic.transferred_to_agent: "Vamos transferir o seu atendimento para {agent}.",
    Automatic.returned_to_queue: "Um momento, por favor: outra pessoa vai responder em instantes.",
    Automatic.manager_joined: "{agent} entrou na conversa.",
    Automatic.manager_left: "{agent} saiu da conversa.",
    Automatic.waiting_in_queue: "Agradecemos a sua espera. Ainda estamos ocupados e vamos "
    "responder assim que pudermos.",
    Automatic.agent_silent: "Pedimos desculpa pela demora. Vamos responder em breve.",
    Automatic.consumer_silent: "Ainda precisa de ajuda? Basta responder a esta mensagem.",
    Automatic.response_time_changed: "Vamos responder no prazo de {response_time}.",
    Automatic.closed_by_agent: "Esta conversa foi encerrada. "
    "Quando precisar, basta enviar uma mensagem.",
    Automatic.auto_close_warning: "Sem resposta, esta conversa vai ser encerrada em breve. "
    "Para continuar, basta responder a esta mensagem.",
    Automatic.auto_closed: "Encerramos esta conversa por falta de resposta. "
    "Quando precisar, basta enviar uma mensagem.",
    Automatic.survey_resolved: "Resolvemos o seu pedido? Responda SIM ou NÃO.",
    Automatic.survey_recommend: "De 0 (de modo nenhum) a 10 (com certeza), recomendaria {brand} "
    "a outras pessoas?",
    Automatic.survey_comment: "Quer acrescentar alguma coisa? Basta escrever aqui.",
    Automatic.survey_thanks: "Agradecemos a sua resposta!",
    Automatic.survey_expired: "O prazo para responder terminou. "
    "Quando precisar, basta enviar uma mensagem.",
    Automatic.survey_unrecognised: "Agradecemos. Como falta uma nota na resposta, "
    "vai ser lida por alguém da nossa equipe.",
    Automatic.media_refused: "Lamentamos, mas aqui recebemos apenas texto e fotos. "
    "Descreva o seu pedido por escrito, por favor.",
    Automatic.opted_out: "{brand}: o envio de mensagens foi cancelado. "
    "Responda START para voltar a receber.",
    Automatic.opted_in: "{brand}: o envio de mensagens foi reativado. "
    "Envie INFO para ajuda, STOP para deixar de receber.",
    Automatic.help: "{brand}: envie a sua pergunta e vamos responder. "
    "Podem aplicar-se tarifas da operadora. Envie STOP para deixar de receber.",
}

QUESTIONS = {
    "one_to_five": Question(
        "Como avalia o nosso atendimento? Responda de 1 (péssimo) a 5 (excelente).",
        "Desculpe, não entendi. Responda com um número de 1 a 5, por favor.",
    ),
    "zero_to_ten": Question(
        "Como avalia o nosso atendimento? Responda de 0 (péssimo) a 10 (excelente).",
        "Desculpe, não entendi. Responda com um número de 0 a 10, por favor.",
    ),
    "thumbs": Question(
        "Como avalia o nosso atendimento? Responda com 👍 ou 👎.",
        "Desculpe, não entendi. Responda com 👍 ou 👎, por favor.",
    ),
}

OWN_SCALE = Question(
    "Como avalia o nosso atendimento? Responda com uma destas palavras: {labels}.",
    "Desculpe, não entendi. Responda com uma destas palavras: {labels}.",
)

UNITS = Units(
    join=" e ",
    days=("dia", "dias"),
    hours=("hora", "horas"),
    minutes=("minuto", "minutos"),
    seconds=("segundo", "segundos"),
)

SET = TextSet(TEXTS, QUESTIONS, OWN_SCALE, UNITS)
