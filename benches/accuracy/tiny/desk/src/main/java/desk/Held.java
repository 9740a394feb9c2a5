package desk;

import rooms.v1.HoldReply;

final class Held extends Answer<HoldReply> {
    Held(HoldReply reply) {
        super(reply);
    }

    String token() {
        return reply().getToken();
    }
}
