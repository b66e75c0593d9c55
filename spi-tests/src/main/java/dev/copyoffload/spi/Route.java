package dev.copyoffload.spi;

/**
 * Where a copy starts and where it ends.
 *
 * @param from the file system of the source
 * @param to the file system of the target, often the same
 */
public record Route(Volume from, Volume to) {
  void require() {
    from.require();
    to.require();
  }

  boolean isWithinOne() {
    return from.equals(to);
  }

  /** Says whether a contract lists it: what is not there is skipped once, not with each other. */
  boolean isListed() {
    return isWithinOne() || (from.missing() == null && to.missing() == null);
  }

  @Override
  public String toString() {
    return isWithinOne() ? from.name() : from.name() + " to " + to.name();
  }
}
