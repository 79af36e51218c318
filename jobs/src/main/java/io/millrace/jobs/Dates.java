package io.millrace.jobs;

import io.millrace.config.Every;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Logical dates, listed for people and in ranges. */
final class Dates {

  private static final int LISTED = 6;

  private Dates() {}

  /** The first few dates, and how many more. */
  static String list(Collection<LocalDate> dates) {
    String first =
        dates.stream().limit(LISTED).map(LocalDate::toString).collect(Collectors.joining(", "));
    return dates.size() > LISTED ? first + " and " + (dates.size() - LISTED) + " more" : first;
  }

  /** The logical dates of a range, both ends within. */
  static List<LocalDate> range(Every every, LocalDate from, LocalDate to) {
    List<LocalDate> dates = new ArrayList<>();
    for (LocalDate date = every.start(from); !date.isAfter(to); date = every.next(date)) {
      dates.add(date);
    }
    return dates;
  }
}
