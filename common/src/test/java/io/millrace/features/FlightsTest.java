package io.millrace.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.RealData;
import io.millrace.config.PipelineSpec;
import io.millrace.features.FeatureLake.Raw;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/**
 * Flights from New York (nycflights13), each with the weather at its airport as of its departure,
 * against a loop over all of the weather.
 */
class FlightsTest {

  private static final LocalDate FIRST = LocalDate.parse("2013-01-01");
  private static final LocalDate LAST = LocalDate.parse("2013-01-02");
  private static final String SPEC =
      """
      pipeline: flights
      sources:
        flights: {kind: csv, path: flights/*.csv, key: [flight], time: left}
        weather: {kind: csv, path: weather/*.csv, key: [origin, hour], time: hour}
      entity: [flight]
      population: {source: flights, per: event}
      features:
        columns: [origin]
        joins:
          - {source: weather, on: {origin: origin}, as-of: hour, delay: 30m, within: 90m, columns: [temp, wind]}
      """;
  private static final StructType FLIGHTS =
      new StructType()
          .add("flight", DataTypes.LongType)
          .add("left", DataTypes.TimestampType)
          .add("origin", DataTypes.StringType);
  private static final StructType WEATHER =
      new StructType()
          .add("origin", DataTypes.StringType)
          .add("hour", DataTypes.TimestampType)
          .add("temp", DataTypes.DoubleType)
          .add("wind", DataTypes.DoubleType);

  private record Flight(long id, Instant left, String origin) {}

  private record Weather(String origin, Instant hour, Double temp, Double wind) {}

  @Test
  void haveTheLastWeatherThatWasKnown() throws IOException {
    Path data = RealData.at("nycflights13");
    List<Flight> flights = flights(data.resolve("flights.csv.gz"));
    List<Weather> weather = weather(data.resolve("weather.csv"));
    FeatureLake lake = new FeatureLake();
    lake.append(
        "flights", FLIGHTS, "a".repeat(32), flights.stream().map(FlightsTest::raw).toList());
    lake.append(
        "weather", WEATHER, "b".repeat(32), weather.stream().map(FlightsTest::raw).toList());
    PipelineSpec spec = lake.spec(SPEC);
    List<LocalDate> dates = List.of(FIRST, LAST, LAST.plusDays(1));

    Map<String, Map<String, Object>> found = lake.features(spec, dates);

    int without = 0;
    for (Flight flight : flights) {
      Map<String, Object> row = found.get(day(flight.left()) + " " + flight.id());
      Weather twin = slowly(flight, weather);
      without += twin == null ? 1 : 0;
      assertThat(row.get("weather_temp"))
          .as("%s", flight)
          .isEqualTo(twin == null ? null : twin.temp());
      assertThat(row.get("weather_wind"))
          .as("%s", flight)
          .isEqualTo(twin == null ? null : twin.wind());
    }
    assertThat(found).hasSameSizeAs(flights).hasSizeGreaterThan(1000);
    assertThat(without).isBetween(1, flights.size() / 2);
  }

  /** The last row of the airport that is 30 to 90 minutes old at least and at most. */
  private static Weather slowly(Flight flight, List<Weather> weather) {
    Weather last = null;
    for (Weather one : weather) {
      Duration age = Duration.between(one.hour(), flight.left());
      boolean counts = age.toMinutes() >= 30 && age.toMinutes() <= 90;
      if (one.origin().equals(flight.origin())
          && counts
          && (last == null || one.hour().isAfter(last.hour()))) {
        last = one;
      }
    }
    return last;
  }

  private static Raw raw(Flight flight) {
    LocalDate day = day(flight.left());
    String id = "%032d".formatted(flight.id());
    return new Raw(day, FIRST, id, flight.id(), Timestamp.from(flight.left()), flight.origin());
  }

  private static Raw raw(Weather weather) {
    Timestamp hour = Timestamp.from(weather.hour());
    String id = "%s %s".formatted(weather.origin(), weather.hour());
    return new Raw(
        day(weather.hour()), FIRST, id, weather.origin(), hour, weather.temp(), weather.wind());
  }

  private static LocalDate day(Instant moment) {
    return moment.atZone(ZoneOffset.UTC).toLocalDate();
  }

  /** Times of departure are local, five hours behind UTC. */
  private static List<Flight> flights(Path file) throws IOException {
    List<Flight> flights = new ArrayList<>();
    for (String[] cells : rows(new GZIPInputStream(Files.newInputStream(file)))) {
      if (!cells[3].equals("NA")) {
        LocalDate day = date(cells);
        long minutes = 60L * Integer.parseInt(cells[14]) + Integer.parseInt(cells[15]);
        Instant left = day.atStartOfDay(ZoneOffset.ofHours(-5)).toInstant();
        flights.add(new Flight(flights.size(), left.plus(Duration.ofMinutes(minutes)), cells[10]));
      }
    }
    return flights;
  }

  private static List<Weather> weather(Path file) throws IOException {
    List<Weather> weather = new ArrayList<>();
    for (String[] cells : rows(Files.newInputStream(file))) {
      weather.add(
          new Weather(cells[0], Instant.parse(cells[14]), number(cells[5]), number(cells[9])));
    }
    return weather;
  }

  private static Double number(String cell) {
    return cell.equals("NA") ? null : Double.valueOf(cell);
  }

  private static LocalDate date(String[] cells) {
    int first = cells[0].length() == 4 ? 0 : 1;
    return LocalDate.of(
        Integer.parseInt(cells[first]),
        Integer.parseInt(cells[first + 1]),
        Integer.parseInt(cells[first + 2]));
  }

  /** The rows of the first days; both files begin with them or stand by airport and day. */
  private static List<String[]> rows(InputStream in) throws IOException {
    List<String[]> rows = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] cells = line.split(",");
        if (!date(cells).isAfter(LAST)) {
          rows.add(cells);
        }
      }
    }
    return rows;
  }
}
