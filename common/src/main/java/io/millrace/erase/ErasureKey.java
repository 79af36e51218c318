package io.millrace.erase;

import io.millrace.SpecException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret by which tombstones name persons: HMAC-SHA256 (RFC 2104), so that whoever reads the
 * lake can't try out values.
 */
public final class ErasureKey implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The variable of the environment that holds it. */
  public static final String VARIABLE = "MILLRACE_ERASURE_KEY";

  private static final int SHORTEST = 32;
  private static final String HMAC = "HmacSHA256";

  private final byte[] secret;

  private ErasureKey(byte[] secret) {
    this.secret = secret;
  }

  /**
   * The key of an environment.
   *
   * @param why what it is needed for
   * @throws SpecException where there is none, or a short one
   */
  public static ErasureKey of(Map<String, String> environment, String why) {
    String told = environment.getOrDefault(VARIABLE, "");
    if (told.length() < SHORTEST) {
      throw new SpecException(
          "%s: %s %s\nset it to a secret of %d characters or more, such as `openssl rand -hex 32` prints, the same for good and on all machines"
              .formatted(why, VARIABLE, told.isEmpty() ? "isn't set" : "is too short", SHORTEST));
    }
    return new ErasureKey(told.getBytes(StandardCharsets.UTF_8));
  }

  /** 64 hex digits. */
  public String digest(String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret, HMAC));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }

  /** What tells this key from another, and nothing else of it. */
  String mark() {
    return digest("millrace erasure key").substring(0, 16);
  }
}
