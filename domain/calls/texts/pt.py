"""What a menu says and texts in Portuguese."""

from domain.calls.kinds import Wording

TEXTS = {
    Wording.offer: (
        "Obrigado por ligar para {brand}. Todos os nossos atendentes estão ocupados. Para "
        "continuar por SMS, pressione 1 ou diga: mande mensagem. Para continuar esperando, "
        "pressione 2. Para ouvir de novo, pressione 0."
    ),
    Wording.other_language: "Para português, pressione {key}.",
    Wording.not_understood: "Desculpe, não entendi.",
    Wording.offer_again: (
        "Obrigado por esperar. Para continuar por SMS, pressione 1 ou diga: mande mensagem. "
        "Para continuar esperando, pressione 2."
    ),
    Wording.nobody_free: (
        "Ninguém pôde atender sua ligação. Para continuar por SMS, pressione 1 ou diga: "
        "mande mensagem."
    ),
    Wording.waiting: "Permaneça na linha, por favor.",
    Wording.texted: "Enviamos uma mensagem para você. Responda quando quiser. Até logo.",
    Wording.landline: (
        "Você está ligando de um número que não recebe mensagens. Para nos escrever, ligue "
        "de um celular."
    ),
    Wording.hidden: (
        "Você está ligando com número oculto, por isso não podemos enviar mensagens. Para "
        "nos escrever, mostre seu número ao ligar."
    ),
    Wording.stopped: (
        "Você cancelou nossas mensagens, por isso não podemos escrever. Para voltar a "
        "recebê-las, envie a palavra START para {number}."
    ),
    Wording.refused: "Não podemos enviar mensagens para você.",
    Wording.goodbye: "Até logo.",
    Wording.text: (
        "{brand}: Obrigado por ligar. Como podemos ajudar? Responda aqui. Podem ser "
        "cobradas tarifas. Responda STOP para deixar de receber mensagens."
    ),
    Wording.missed_text: (
        "{brand}: Perdemos sua chamada. Como podemos ajudar? Responda aqui. Podem ser "
        "cobradas tarifas. Responda STOP para deixar de receber mensagens."
    ),
}
