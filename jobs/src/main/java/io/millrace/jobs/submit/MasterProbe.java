package io.millrace.jobs.submit;

import io.millrace.UnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;

/** Asks whether a standalone master is there, which Spark itself takes a minute to find out. */
final class MasterProbe {

  private static final int PATIENCE_MS = 3000;

  private MasterProbe() {}

  /**
   * @throws UnavailableException where no host of {@code spark://host:port,host:port} answers
   */
  static void check(String master) {
    if (!master.startsWith("spark://")) {
      return;
    }
    IOException last = null;
    for (String address : addresses(master)) {
      int colon = address.lastIndexOf(':');
      String host = address.substring(0, colon);
      int port = Integer.parseInt(address.substring(colon + 1));
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(host, port), PATIENCE_MS);
        return;
      } catch (IOException e) {
        last = e;
      } catch (IllegalArgumentException e) {
        last = new IOException(e.getMessage());
      }
    }
    throw new UnavailableException(
        "no Spark master answers at "
            + master
            + " ("
            + reason(last)
            + "); start it (here: bin/cluster start), or mend master: in conf/env/<env>.yaml");
  }

  /** Whether the master is this machine and hears nobody else. */
  static boolean isLoopback(String master) {
    return master.startsWith("spark://")
        && addresses(master).stream()
            .map(address -> address.substring(0, address.lastIndexOf(':')))
            .allMatch(MasterProbe::isLoopbackHost);
  }

  private static boolean isLoopbackHost(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static List<String> addresses(String master) {
    return List.of(master.substring("spark://".length()).split(","));
  }

  private static String reason(IOException e) {
    return e instanceof UnknownHostException ? "unknown host" : String.valueOf(e.getMessage());
  }
}
