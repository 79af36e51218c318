package io.millrace.jobs;

import io.millrace.jobs.session.LogFile;
import io.millrace.jobs.submit.Leash;
import io.millrace.jobs.submit.Parcel;
import io.millrace.jobs.submit.Returned;
import io.millrace.jobs.submit.Submitter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * This process as the driver that a launcher has asked for: it tells how it ended by a file, and
 * where the cluster runs it, what it said as well. Without a launcher it does nothing.
 *
 * @param returned where to tell
 * @param specs where the specs are, where the cluster runs this
 */
record Driver(
    Optional<String> returned,
    Optional<String> specs,
    ByteArrayOutputStream keptOut,
    ByteArrayOutputStream keptErr) {

  private static final int KEPT = 4 << 20;

  static Driver detect() {
    return new Driver(
        Returned.asked(), Parcel.asked(), new ByteArrayOutputStream(), new ByteArrayOutputStream());
  }

  PrintStream out(PrintStream stream) {
    return kept(stream, keptOut);
  }

  PrintStream err(PrintStream stream) {
    return kept(stream, keptErr);
  }

  private PrintStream kept(PrintStream stream, ByteArrayOutputStream copy) {
    return specs.isEmpty()
        ? stream
        : new PrintStream(new Both(stream, copy), true, StandardCharsets.UTF_8);
  }

  /** Arguments in which the specs' folder is the one into which they were fetched. */
  String[] arguments(String[] args) {
    if (specs.isEmpty()) {
      return args;
    }
    Path folder = Parcel.unpack(specs.get());
    return Stream.of(args)
        .map(
            argument ->
                argument.startsWith(Submitter.CONF_FOLDER)
                    ? folder + argument.substring(Submitter.CONF_FOLDER.length())
                    : argument)
        .toArray(String[]::new);
  }

  /** Where the cluster runs this: calls {@code end} when the launcher was ended. */
  void leash(Runnable end) {
    specs.ifPresent(conf -> Leash.hold(conf, end));
  }

  /** Tells how it ended. Without that file the launcher says that the driver was lost. */
  void tell(int exitCode, LogFile log) {
    if (returned.isEmpty() || specs.filter(Leash::isGone).isPresent()) {
      return;
    }
    try {
      new Returned(exitCode, text(keptOut), text(keptErr)).write(returned.get());
    } catch (IOException e) {
      log.append(e);
    }
  }

  private static String text(ByteArrayOutputStream kept) {
    String cut = kept.size() < KEPT ? "" : "\n… the rest is in the driver's log on the cluster\n";
    return kept.toString(StandardCharsets.UTF_8) + cut;
  }

  /** Writes to a stream, and keeps the first megabytes. */
  private static final class Both extends OutputStream {

    private final OutputStream stream;
    private final ByteArrayOutputStream copy;

    Both(OutputStream stream, ByteArrayOutputStream copy) {
      this.stream = stream;
      this.copy = copy;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      stream.write(bytes, from, count);
      copy.write(bytes, from, Math.min(count, KEPT - copy.size()));
    }

    @Override
    public void flush() throws IOException {
      stream.flush();
    }
  }
}
