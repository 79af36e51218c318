package io.millrace.config;

import io.millrace.Nearest;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Whether a search draws settings that its algorithm has, from values that they take. */
final class TuneCheck {

  private static final Set<Type> WHOLE = Set.of(int.class, long.class);

  private final Faults faults;
  private final KeyPath space;

  TuneCheck(Faults faults, KeyPath train) {
    this.faults = faults;
    this.space = train.then("tune", "space");
  }

  void check(TrainSpec train) {
    if (train.tune().isEmpty()) {
      return;
    }
    Map<String, TuneSpec.Range> ranges = train.tune().get().space();
    if (ranges.isEmpty()) {
      faults.add(space, "empty; name settings of the algorithm and the values to draw from");
    }
    List<Shape.Key> settings =
        Shape.of(train.algorithm().getClass()).keys().stream().filter(TuneCheck::isNumber).toList();
    List<String> names = settings.stream().map(Shape.Key::name).toList();
    for (Map.Entry<String, TuneSpec.Range> range : ranges.entrySet()) {
      int setting = names.indexOf(range.getKey());
      if (setting >= 0) {
        values(settings.get(setting), range.getValue());
      } else {
        String kind = train.algorithm().getClass().getAnnotation(Kind.class).value();
        String mend = Nearest.mend(range.getKey(), names, "settings");
        faults.add(space.then(range.getKey()), "no setting of " + kind + "; " + mend);
      }
    }
  }

  private static boolean isNumber(Shape.Key key) {
    return plain(key) instanceof Class<?> type
        && (WHOLE.contains(type) || type == double.class || Number.class.isAssignableFrom(type));
  }

  private static Type plain(Shape.Key key) {
    boolean optional = key.component().getType() == Optional.class;
    return optional
        ? ((java.lang.reflect.ParameterizedType) key.type()).getActualTypeArguments()[0]
        : key.type();
  }

  private void values(Shape.Key setting, TuneSpec.Range range) {
    boolean whole = WHOLE.contains(plain(setting)) || plain(setting) == Integer.class;
    KeyPath at = space.then(setting.name());
    Stream.of(range.values().stream(), range.min().stream(), range.max().stream())
        .flatMap(all -> all)
        .forEach(
            x -> {
              if (whole && x != Math.rint(x)) {
                faults.add(at, "takes whole numbers, found " + Numbers.text(x));
              }
              setting
                  .within()
                  .filter(interval -> !interval.contains(x))
                  .ifPresent(
                      i ->
                          faults.add(
                              at, "takes numbers " + i.words() + ", found " + Numbers.text(x)));
            });
  }
}
