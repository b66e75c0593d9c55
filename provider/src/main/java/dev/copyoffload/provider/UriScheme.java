package dev.copyoffload.provider;

import java.net.URI;

/**
 * The scheme by which a provider's URIs differ from the JDK's {@code file} URIs.
 *
 * <p>Only the scheme is replaced: the rest keeps its escaped octets, which may not be text.
 */
enum UriScheme {
  /** The JDK's own. */
  FILE(UriScheme.BUILT_IN),

  /** The one that opts in path by path. */
  OFFLOAD("offload");

  /** The text of {@link #FILE}, a constant: to compare with it loads no class. */
  static final String BUILT_IN = "file";

  private final String text;

  UriScheme(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /**
   * Returns the {@code file} URI for one of this scheme.
   *
   * @throws IllegalArgumentException if the URI has another scheme; one without a scheme is handed
   *     back for the JDK to refuse in its own words
   */
  URI toRaw(URI uri) {
    String scheme = uri.getScheme();
    if (this == FILE || scheme == null) {
      return uri;
    }
    if (!scheme.equalsIgnoreCase(text)) {
      throw new IllegalArgumentException("URI scheme is not \"" + text + "\"");
    }
    return URI.create(FILE.text + uri.toString().substring(scheme.length()));
  }

  /** Returns the URI of this scheme for one of the JDK's. */
  URI fromRaw(URI uri) {
    return this == FILE
        ? uri
        : URI.create(text + uri.toString().substring(uri.getScheme().length()));
  }
}
