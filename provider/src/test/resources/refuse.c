/* refuse ERRNO COMMAND...: runs a command to which calls that copy files are refused. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REFUSED(number) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), \
  BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error)

int main(int count, char **arguments) {
  if (count < 3) {
    return 2;
  }
  unsigned int error = atoi(arguments[1]);
  struct sock_filter filter[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    REFUSED(SYS_copy_file_range),
    REFUSED(SYS_splice),
    REFUSED(SYS_sendfile),
    REFUSED(SYS_fallocate),
    REFUSED(SYS_fstatfs),
    REFUSED(SYS_memfd_create),
    REFUSED(SYS_renameat2),
    REFUSED(SYS_fgetxattr),
    REFUSED(SYS_flistxattr),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 5),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
    REFUSED(FICLONE),
    REFUSED(FICLONERANGE),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
    perror("prctl");
    return 2;
  }
  execvp(arguments[2], arguments + 2);
  perror(arguments[2]);
  return 2;
}
