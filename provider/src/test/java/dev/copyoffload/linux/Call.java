package dev.copyoffload.linux;

/** The calls of {@link SystemCalls}, to say which one a {@link Fault} is for. */
public enum Call {
  OPEN,
  CLOSE,
  UNLINK,
  RENAME,
  RENAME_NOREPLACE,
  LINK,
  STATX_PATH,
  STATX,
  FSTATFS,
  FICLONE,
  FICLONERANGE,
  FIDEDUPERANGE,
  COPY_FILE_RANGE,
  SPLICE_IN,
  SPLICE_OUT,
  SENDFILE,
  PREAD,
  PWRITE,
  PIPE,
  FCNTL,
  LSEEK,
  FTRUNCATE,
  FALLOCATE,
  FCHOWN,
  FCHMOD,
  FUTIMENS,
  FLISTXATTR,
  FGETXATTR,
  FSETXATTR
}
