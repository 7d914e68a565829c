package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.Selection;
import io.steelyard.balance.hash.KeyHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Consistent hashing: every endpoint has points on a circle, and a key belongs to the point at its
 * hash or the next one (the nearest, for some {@linkplain RingForm forms}). An endpoint that comes
 * takes the keys before its points, one that goes leaves its keys to the next; no other key moves.
 *
 * <p><b>Refused.</b> The key goes on along the circle, 64 points at most, then through the
 * endpoints in the configuration's order; with nginx's form it passes over 20 points, as nginx
 * does, and then nobody has it.
 *
 * <p><b>Change.</b> A ring that follows another one shares its points: those of endpoints that are
 * not there are passed over, so that an endpoint that goes or comes back costs O(endpoints); one
 * that was never there O(points). When most points belong to nobody, all is made anew.
 *
 * <p><b>Source.</b> D. Karger and others, "Consistent hashing and random trees", STOC 1997.
 */
public final class RingPlacement implements Placement {
  private final RingForm form;
  private final KeyHash hash;
  private final Endpoint[] endpoints;

  private @Nullable RingPlacement previous;
  private @Nullable Built built;

  /** An endpoint's groups of points: so many numbers from the first on. */
  private record Member(int first, int groups, long identity) {
    boolean has(int wanted, long ofIdentity) {
      return groups >= wanted && identity == ofIdentity;
    }
  }

  /** What is made when it is first needed. */
  private record Built(
      Ring ring, int groupSize, Map<EndpointState, Member> members, @Nullable Endpoint[] owners) {}

  /**
   * A ring of endpoints.
   *
   * @param hash of which the low 32 bits are the place on the circle
   * @param endpoints each of weight 1 or more
   */
  public RingPlacement(RingForm form, KeyHash hash, Endpoint[] endpoints) {
    this.form = form;
    this.hash = hash;
    this.endpoints = endpoints;
  }

  @Override
  public @Nullable Endpoint place(byte[] key, int from, int to, Selection selection) {
    if (endpoints.length < 2) {
      return Order.from(endpoints, 0, selection);
    }
    var made = built();
    int at = home(made, (int) hash.of(key, from, to));
    var owner = made.owners[made.ring.number(at)];
    return owner != null && selection.accepts(owner) ? owner : goOn(made, at, selection);
  }

  private int home(Built made, int place) {
    var ring = made.ring;
    int next = ring.at(place);
    while (made.owners[ring.number(next)] == null) {
      next = ring.after(next);
    }
    if (!form.isNearest()) {
      return next;
    }
    int before = ring.before(ring.at(place));
    while (made.owners[ring.number(before)] == null) {
      before = ring.before(before);
    }
    int back = place - ring.place(before);
    int ahead = ring.place(next) - place;
    return Integer.compareUnsigned(back, ahead) <= 0 ? before : next;
  }

  private @Nullable Endpoint goOn(Built made, int home, Selection selection) {
    var ring = made.ring;
    var refused = made.owners[ring.number(home)];
    int at = home;
    int patience = form.patience();
    while (patience > 0) {
      at = ring.after(at);
      var owner = made.owners[ring.number(at)];
      if (owner != null) {
        patience--;
        if (owner != refused && selection.accepts(owner)) {
          return owner;
        }
      }
    }
    return refused == null || !form.isTireless()
        ? null
        : Order.after(endpoints, refused, selection);
  }

  @Override
  public String rule(byte[] key, int from, int to) {
    if (endpoints.length < 2) {
      return "there is no other";
    }
    var made = built();
    int place = (int) hash.of(key, from, to);
    int at = home(made, place);
    return "hash "
        + Order.hex(place & 0xffff_ffffL)
        + (form.isNearest() ? ", nearest point of the ring " : ", next point of the ring ")
        + Order.hex(made.ring.place(at) & 0xffff_ffffL);
  }

  @Override
  public void follow(Placement other) {
    if (other instanceof RingPlacement ring && ring.form.equals(form)) {
      previous = ring.built == null ? ring.previous : ring;
    }
  }

  /** How many points there are, those of endpoints that are not there included. */
  int points() {
    return built().ring.size();
  }

  private Built built() {
    var made = built;
    if (made == null) {
      made = build(form.groups(endpoints), form.groupSize(endpoints));
      built = made;
      previous = null;
    }
    return made;
  }

  private Built build(int[] groups, int size) {
    var old = previous == null ? null : previous.built;
    if (old != null && old.groupSize == size) {
      var more = missing(old, groups);
      long numbers = old.owners.length;
      for (int i : more) {
        numbers += groups[i];
      }
      if (sum(groups) * 2 >= numbers) {
        return more.isEmpty()
            ? owned(old.ring, size, old.members, groups, (int) numbers)
            : grown(old, more, groups, size);
      }
    }
    var all = new ArrayList<Integer>();
    for (int i = 0; i < endpoints.length; i++) {
      all.add(i);
    }
    var members = new IdentityHashMap<EndpointState, Member>(endpoints.length);
    var ring = Ring.of(points(all, groups, size, members, 0));
    return owned(ring, size, members, groups, (int) sum(groups));
  }

  private static long sum(int[] groups) {
    long sum = 0;
    for (int count : groups) {
      sum += count;
    }
    return sum;
  }

  /** Which endpoints' points are not all in the old ring. */
  private List<Integer> missing(Built old, int[] groups) {
    var missing = new ArrayList<Integer>();
    for (int i = 0; i < endpoints.length; i++) {
      var member = old.members.get(endpoints[i].state());
      if (member == null || !member.has(groups[i], form.identity(endpoints[i]))) {
        missing.add(i);
      }
    }
    return missing;
  }

  private Built grown(Built old, List<Integer> more, int[] groups, int size) {
    var members = new IdentityHashMap<>(old.members);
    int first = old.owners.length;
    long[] points = points(more, groups, size, members, first);
    int numbers = first + points.length / size;
    return owned(old.ring.with(points), size, members, groups, numbers);
  }

  private long[] points(
      List<Integer> which,
      int[] groups,
      int size,
      Map<EndpointState, Member> members,
      int firstNumber) {
    int total = 0;
    for (int i : which) {
      total += groups[i] * size;
    }
    long[] points = new long[total];
    int count = 0;
    for (int i : which) {
      var endpoint = endpoints[i];
      int number = firstNumber + count / size;
      members.put(endpoint.state(), new Member(number, groups[i], form.identity(endpoint)));
      int[] places = new int[groups[i] * size];
      form.places(endpoint, size, places);
      for (int k = 0; k < places.length; k++) {
        points[count++] = Ring.point(places[k], number + k / size);
      }
    }
    return points;
  }

  private Built owned(
      Ring ring, int size, Map<EndpointState, Member> members, int[] groups, int numbers) {
    var owners = new @Nullable Endpoint[numbers];
    for (int i = 0; i < endpoints.length; i++) {
      var member = members.get(endpoints[i].state());
      if (member != null) {
        Arrays.fill(owners, member.first, member.first + groups[i], endpoints[i]);
      }
    }
    return new Built(ring, size, members, owners);
  }
}
