package io.millrace.benchmarks;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** The most heap that was still in use after a garbage collection. */
final class LiveHeap {

  private final AtomicLong most = new AtomicLong();
  private final Set<String> pools =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .map(MemoryPoolMXBean::getName)
          .collect(Collectors.toSet());

  private LiveHeap() {}

  /** Watches from now on. */
  static LiveHeap watch() {
    LiveHeap live = new LiveHeap();
    ManagementFactory.getGarbageCollectorMXBeans()
        .forEach(
            bean ->
                ((NotificationEmitter) bean)
                    .addNotificationListener(
                        (notification, handback) ->
                            live.collected(
                                GarbageCollectionNotificationInfo.from(
                                    (CompositeData) notification.getUserData())),
                        null,
                        null));
    return live;
  }

  private void collected(GarbageCollectionNotificationInfo info) {
    long used =
        info.getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
            .filter(pool -> pools.contains(pool.getKey()))
            .mapToLong(pool -> pool.getValue().getUsed())
            .sum();
    most.accumulateAndGet(used, Math::max);
  }

  /** In mebibytes. */
  String most() {
    return "%,d MiB".formatted(most.get() >> 20);
  }
}
