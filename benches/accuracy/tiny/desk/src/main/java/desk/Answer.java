package desk;

/** What a reply of the rooms service is kept in. */
abstract class Answer<R> {
    private final R reply;

    Answer(R reply) {
        this.reply = reply;
    }

    R reply() {
        return reply;
    }
}
