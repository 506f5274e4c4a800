"""Words of texts that name a score without giving it: `I would give 5 but it never came`."""

from domain.survey.vocabulary.sets import phrases, words

IFS = words(
    "if unless once until when wenn falls sobald sofern si quand cuando se quando lorsque des"
)
BUT_ONLY = phrases("but only, aber nur, mais seulement, pero solo, mas so, ma solo")
NOT_IFS = words(
    "possible available moglich verfugbar posible disponible possivel possibile disponibile "
    "does do did will is are was can could kommt est claro senor"
)
"""Words behind an if that make a quantity or a question: `2 if possible`, `5 when is it coming`."""
GIVING = words(
    "a an give gave given be been rate rated say it this that you them get got eine ne einen ein "
    "wurde hatte ware gabe gibt gebe un une mets mis mettrais mettrai donne donnerais donnerai "
    "note uno doy daria pondria pongo pondre dare puesto dado seria nota um uma dou darei dato "
    "voto sarebbe stato metto metterei"
)
"""Words directly before a number that rates, and never before an hour or a quantity."""
CONDITIONALS = words(
    "would id wed ill will could should might wurde wurden ware hatte gabe mettrais donnerais "
    "serait mettrai donnerai aurais daria darian pondria pondriamos seria dare pondre habria "
    "darei sarebbe metterei dava"
)
COUNTERFACTUALS = phrases(
    "would have been, would have given, wouldve been, wouldve given, id have given, id have said, "
    "could have been, couldve been, could be, should have been, should be, might have been, "
    "wanted to give, was going to give, was gonna give, were going to give, nearly gave, "
    "almost gave, aurais mis, aurais donne, aurait ete, aurait pu etre, voulais mettre, "
    "voulais donner, habria sido, habria dado, hubiera sido, hubiera dado, habria puesto, "
    "queria dar, teria sido, teria dado, podia ser, avrei dato, sarebbe stato, poteva essere, "
    "volevo dare, wollte eine, wollte euch, wollte ihnen"
)
WISHED = phrases("id like, would like, i want, i need, we need, ich will, je veux, quiero, quero")
"""Words before a number that ask for a quantity."""
PARTICIPLES = words("geben gegeben vergeben gewesen sein sagen verdient werden")
"""Participles that German puts behind the number: `hätte 5 gegeben`."""
MOCKING = phrases(
    "thanks for nothing, thank you for nothing, thx for nothing, thanks 4 nothing, thanks a lot "
    "for nothing, danke fur nichts, danke fur garnichts, danke fur gar nichts, dank fur nichts, "
    "merci pour rien, gracias por nada, obrigado por nada, obrigada por nada, grazie di niente, "
    "grazie per niente, grazie di nulla, grazie per nulla"
)
NUMBERING = words("number nummer numero no nr")
SCALE_TALK = words(
    "or oder ou o is are the a an best worst better good bad great highest lowest top right "
    "which what means mean it that does ist das beste schlechteste gut schlecht welche est "
    "ce bien mieux es lo mejor peor bueno malo e o melhor pior bom e il meglio migliore "
    "peggiore star stars sterne etoiles estrellas estrelas stelle und and"
)
"""Words of questions about the scale: `is 5 the best?`."""
