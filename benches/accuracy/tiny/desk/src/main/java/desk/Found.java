package desk;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import rooms.v1.*;

final class Found extends Answer<FindReply> {
    Found(FindReply reply) {
        super(reply);
    }

    int views() {
        return reply().getViewCount();
    }

    List<String> numbers() {
        return reply().getRoomsList().stream().map(Room::getNumber).collect(Collectors.toList());
    }

    long cheapest() {
        long least = Long.MAX_VALUE;
        for (int at = 0; at < reply().getRoomsCount(); at++) {
            least = Math.min(least, reply().getRooms(at).getPrice().getCents());
        }
        return least;
    }

    static String label(RoomOrBuilder room) {
        Map<String, String> notes = room.getNotesMap();
        return notes.isEmpty() ? room.getPrice().getCurrency() : label(room.getPrice());
    }

    static String label(Price price) {
        return price.getCents() + price.getCurrency();
    }
}
