package io.millrace.features;

/**
 * The least or greatest number of a window, by a monotonic queue (Lemire, "Streaming
 * maximum-minimum filter", 2006): positions whose numbers no later one surpasses, the extreme
 * first. A number may also come in between, when it became known late.
 */
final class Extreme {

  private final Ring ring;
  private final Ring.Doubles values;
  private final double sign;
  private long[] queue = new long[16];
  private int first;
  private int size;

  /**
   * @param sign 1 for the greatest, -1 for the least
   */
  Extreme(Ring ring, Ring.Doubles values, int sign) {
    this.ring = ring;
    this.values = values;
    this.sign = sign;
  }

  private double at(int i) {
    return sign * values.at[ring.slot(queue[(first + i) & (queue.length - 1)])];
  }

  private long position(int i) {
    return queue[(first + i) & (queue.length - 1)];
  }

  void add(long position) {
    double value = sign * values.at[ring.slot(position)];
    int later = size;
    while (later > 0 && position(later - 1) > position) {
      later--;
    }
    if (later < size && at(later) >= value) {
      return;
    }
    int kept = later;
    while (kept > 0 && at(kept - 1) <= value) {
      kept--;
    }
    replace(kept, later, position);
  }

  /** Puts a position in place of those of {@code from} up to, without, {@code to}. */
  private void replace(int from, int to, long position) {
    if (from == to && size == queue.length) {
      grow();
    }
    int tail = size - to;
    int mask = queue.length - 1;
    if (from == to) {
      for (int i = tail - 1; i >= 0; i--) {
        queue[(first + to + 1 + i) & mask] = queue[(first + to + i) & mask];
      }
    } else {
      for (int i = 0; i < tail; i++) {
        queue[(first + from + 1 + i) & mask] = queue[(first + to + i) & mask];
      }
    }
    queue[(first + from) & mask] = position;
    size = from + 1 + tail;
  }

  private void grow() {
    long[] larger = new long[queue.length * 2];
    for (int i = 0; i < size; i++) {
      larger[i] = position(i);
    }
    queue = larger;
    first = 0;
  }

  void evict(long position) {
    if (size > 0 && queue[first] == position) {
      first = (first + 1) & (queue.length - 1);
      size--;
    }
  }

  /** The extreme; the window isn't empty. */
  double value() {
    return sign * at(0);
  }

  void clear() {
    size = 0;
  }
}
