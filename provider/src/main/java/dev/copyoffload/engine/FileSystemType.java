package dev.copyoffload.engine;

import dev.copyoffload.linux.FileSystemStatus;

/** The file systems that are told apart, by the magic number of statfs(2). */
enum FileSystemType {
  NFS(0x6969L, Ability.COPY),
  SMB2(0xFE534D42L, Ability.COPY),
  CIFS(0xFF534D42L, Ability.COPY),
  FUSE(0x65735546L, Ability.COPY),
  CEPH(0x00C36400L, Ability.COPY),
  BTRFS(0x9123683EL, Ability.SHARE, true),
  XFS(0x58465342L, Ability.SHARE, true),
  OVERLAY(0x794C7630L, Ability.SHARE),
  BCACHEFS(0xCA451A4EL, Ability.SHARE),
  ZFS(0x2FC12FC1L, Ability.SHARE),
  OCFS2(0x7461636FL, Ability.SHARE),
  /** Also ext2 and ext3. */
  EXT4(0xEF53L, Ability.RESERVE, true),
  TMPFS(0x01021994L, Ability.NONE, true),
  F2FS(0xF2F52010L, Ability.NONE, true),
  /** Everything that has nothing better than the page cache once a reflink is refused. */
  LOCAL(0, Ability.NONE);

  /** What a file system does better than to take bytes. */
  private enum Ability {
    /** It may share extents; XFS and overlay only if made for it. */
    SHARE,
    /** Over a network, or through a daemon. */
    COPY,
    RESERVE,
    NONE
  }

  private static final FileSystemType[] ALL = values();

  private final long magic;
  private final Ability ability;
  private final boolean tellsHoles;

  FileSystemType(long magic, Ability ability) {
    this(magic, ability, false);
  }

  FileSystemType(long magic, Ability ability, boolean tellsHoles) {
    this.magic = magic;
    this.ability = ability;
    this.tellsHoles = tellsHoles;
  }

  /**
   * Whether SEEK_DATA shows what a reader would see, pages that are dirty included. A server or a
   * daemon does not know of those; and what an overlay lies on, nobody says.
   */
  boolean tellsHoles() {
    return tellsHoles;
  }

  /**
   * Whether writing into blocks that were reserved is faster: by a fifth on ext4, with the later
   * write-out too; not on xfs; and on btrfs it would cost the file its copy-on-write.
   */
  boolean gainsFromReserving() {
    return ability == Ability.RESERVE;
  }

  /** Whether copy_file_range can spare the bytes a way over a network or through a daemon. */
  boolean copiesRemotely() {
    return ability == Ability.COPY;
  }

  /** Whether copy_file_range can do no better than splice: it neither shares nor copies. */
  boolean onlyMoves() {
    return ability != Ability.SHARE && ability != Ability.COPY;
  }

  /** Whether sharing a few blocks takes as long as moving a quarter of a megabyte. */
  boolean sharesSlowly() {
    return this == XFS || this == OVERLAY;
  }

  static FileSystemType of(FileSystemStatus status) {
    for (FileSystemType type : ALL) {
      if (type.magic == status.magic()) {
        return type;
      }
    }
    return LOCAL;
  }
}
