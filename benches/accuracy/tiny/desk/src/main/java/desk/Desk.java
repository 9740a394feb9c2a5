package desk;

import io.grpc.ManagedChannel;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import rooms.v1.*;

final class Desk {
    private final RoomsGrpc.RoomsBlockingStub rooms;
    private final Supplier<Guest> guest;

    Desk(ManagedChannel channel, Supplier<Guest> guest) {
        this.rooms = RoomsGrpc.newBlockingStub(channel);
        this.guest = guest;
    }

    Found find(Optional<String> city, int guests) {
        FindRequest.Builder request = FindRequest.newBuilder();
        city.ifPresent(request::setCity);
        if (guests > 0) {
            request.setGuests(guests);
        } else {
            request.clearGuests();
        }
        return ask(request, it -> rooms.find(it.build()), Found::new);
    }

    Held hold(Room room) {
        HoldRequest.Builder request = HoldRequest.newBuilder().setRoom(room.getNumber());
        request.getGuestBuilder().setName(guest.get().getName());
        return ask(request, it -> rooms.hold(it.build()), reply -> new Held(reply));
    }

    private static <Q, A, R> R ask(Q request, Function<Q, A> call, Function<A, R> wrap) {
        return wrap.apply(call.apply(request));
    }

    static long total(Iterable<Room> rooms) {
        long sum = 0;
        for (Room room : rooms) {
            sum += room.hasPrice() ? room.getPrice().getCents() : 0;
        }
        return sum;
    }

    static Optional<Price> priceOf(Optional<Room> room) {
        return room.map(found -> found.getPrice()).filter(price -> !price.getCurrency().isEmpty());
    }
}
