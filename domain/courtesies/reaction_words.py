"""The words that phones write around the quotation of a reaction, folded, in six languages.

`questioned` and its like are not among them: they ask.
"""

from domain.survey.vocabulary.sets import phrases

LEADS = phrases(
    "liked, loved, disliked, laughed at, emphasized, emphasised, removed a like from, "
    "removed a heart from, removed a dislike from, removed a laugh from, "
    "removed an exclamation from, removed an emphasis from, removed a question mark from, "
    "removed a reaction from, reacted to, reacted with a sticker to, reacted with like to, "
    "gefallt, gefiel, mag, liebt, hat, mag nicht, gefallt nicht, lacht uber, betont, hat uber, "
    "hat auf, gefallt mir, like entfernt von, liked hat, hebt hervor, hat ein gefallt mir fur, "
    "hat ein herz fur, hat ein gefallt mir entfernt von, hat ein herz entfernt von, "
    "a aime, a adore, a ri a, a ri de, a mis laccent sur, a accentue, a souligne, na pas aime, "
    "aime, adore, a mis un jaime a, a mis jaime a, a retire un jaime de, a retire un coeur de, "
    "a supprime un jaime de, a supprime un coeur de, a supprime un jaime du message, a reagi a, "
    "jaime, a aime le message, a reagi au message, "
    "le gusto, le encanto, no le gusto, se rio de, le dio risa, enfatizo, destaco, "
    "le gusta, le encanta, me gusta, me encanta, elimino un me gusta de, quito un me gusta de, "
    "elimino un corazon de, quito un corazon de, reacciono a, le ha gustado, le ha encantado, "
    "gostou de, gostei de, amou, adorou, nao gostou de, riu de, enfatizou, curtiu, destacou, "
    "achou graca de, removeu uma curtida de, removeu um gosto de, removeu um coracao de, "
    "removeu o gosto de, reagiu a, adora, gosta de, "
    "piace, adora, ama, non piace, ha messo mi piace a, ha messo un mi piace a, ha adorato, "
    "ha riso a, ha riso per, ha evidenziato, ha enfatizzato, ha amato, ti piace, mi piace, "
    "ha rimosso un mi piace da, ha rimosso mi piace da, ha rimosso un cuore da, ha reagito a, "
    "ha apprezzato, ha messo non mi piace a, gli piace, le piace, lol a"
)
OF_EMOJI = phrases(
    "to, reacted to, reacted with to, removed from, removed reaction from, "
    "removed a reaction from, reacted, hat mit auf, hat auf, zu, auf, an, reagierte auf, "
    "reagierte mit auf, reagiert auf, hat, entfernt von, wurde entfernt von, hat von, "
    "a, sur, pour, a reagi avec a, a reagi par a, a reagi a, a reagi, retire de, supprime de, "
    "a retire de, a supprime de, en reponse a, au message, "
    "reacciono con a, reacciono a, ha reaccionado con a, ha reaccionado a, en, para, "
    "eliminado de, quitado de, elimino de, quito de, al mensaje, ha quitado de, "
    "reagiu com a, reagiu a, reagiu com para, em, removido de, removeu de, ao, "
    "ha reagito con a, ha reagito a, su, rimosso da, ha rimosso da, al messaggio"
)
"""The same beside an emoji, without it: `👍 to “…”`, `Reacted 😂 to “…”`."""
TAILS = frozenset({""}) | phrases(
    "geliked, gelikt, geliebt, gelacht, betont, hervorgehoben, reagiert, entfernt, "
    "mit gefallt mir markiert, mit mag ich markiert, gefallt mir, hervor, gefallt, gefallen, "
    "gefallt mir nicht, mit gefallt mir nicht markiert, mit einem herz markiert, "
    "mit reagiert, gefiel, liebe ich"
)
PICTURES = (
    *("an image", "a photo", "a picture", "a movie", "a video", "an attachment", "a link"),
    *("an audio message", "a sticker", "a contact", "a location", "a voice message"),
    *("ein bild", "ein foto", "ein video", "einen anhang", "einen link", "einem bild"),
    *("une image", "une photo", "une video", "une piece jointe", "un lien"),
    *("una imagen", "una foto", "un video", "un archivo adjunto", "un enlace"),
    *("uma imagem", "uma foto", "um video", "um anexo", "um link", "unimmagine"),
    *("una fotografia", "un allegato", "un link", "una immagine"),
)
