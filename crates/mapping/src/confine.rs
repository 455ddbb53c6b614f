/// Memory beyond what the allocator counts: stacks, code, and the segments on which deep recursion runs (up to
/// 90 MiB at the engine's own limit of depth).
#[cfg(unix)]
const UNCOUNTED: usize = 512 * 1024 * 1024;

/// Takes from this process what evaluating expressions does not need. What a platform does not offer is left out:
/// the allocator and the parent's clock hold everywhere.
#[cfg(unix)]
pub(crate) fn this_process(memory: usize) {
    #[cfg(target_os = "linux")]
    linux::inherit_nothing();
    // Ctrl-C in a terminal reaches every process of the group. The parent decides what becomes of the records on
    // their way; a worker ends when its input does.
    // SAFETY: the call replaces no handler of ours; `SIG_IGN` is a constant.
    unsafe { libc::signal(libc::SIGINT, libc::SIG_IGN) };
    // The parent sets the folder too; a worker started by hand should hold none either.
    let _ = std::env::set_current_dir("/");
    let data = memory.saturating_add(UNCOUNTED) as libc::rlim_t;
    // macOS knows no limit on anonymous memory under this name; there the allocator is the only line.
    limit(libc::RLIMIT_DATA, data);
    limit(libc::RLIMIT_CORE, 0);
    limit(libc::RLIMIT_FSIZE, 0);
    #[cfg(target_os = "linux")]
    linux::close();
    #[cfg(target_os = "linux")]
    linux::forbid();
}

#[cfg(target_os = "linux")]
type Resource = libc::__rlimit_resource_t;
#[cfg(all(unix, not(target_os = "linux")))]
type Resource = libc::c_int;

#[cfg(unix)]
fn limit(resource: Resource, most: libc::rlim_t) {
    let limit = libc::rlimit {
        rlim_cur: most,
        rlim_max: most,
    };
    // SAFETY: the pointer is to a live, initialised value. A refusal leaves the limit as it was.
    unsafe { libc::setrlimit(resource, &raw const limit) };
}

/// On Windows nothing is taken away from inside: the empty environment, the allocator and the parent's clock hold there.
#[cfg(not(unix))]
pub(crate) fn this_process(_memory: usize) {}

#[cfg(target_os = "linux")]
mod linux {
    /// Closes every file but standard input, output and error.
    pub(super) fn inherit_nothing() {
        // SAFETY: the call takes numbers only. Nothing in this process has opened a file yet; a kernel too old for
        // `close_range` (before 5.9) refuses, and the parent opens all its files close-on-exec.
        unsafe {
            libc::syscall(libc::SYS_close_range, 3_u32, u32::MAX, 0_u32);
        }
    }

    /// From now on no other program of the same user can read this one's memory, in which records are.
    pub(super) fn close() {
        // SAFETY: numbers only. A refusal leaves things as they were.
        unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0) };
    }

    /// Calls that no architecture does without.
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    const REFUSED: [libc::c_long; 22] = [
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_bind,
        libc::SYS_execve,
        libc::SYS_execveat,
        libc::SYS_openat,
        libc::SYS_openat2,
        libc::SYS_open_by_handle_at,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_kill,
        libc::SYS_pidfd_open,
        libc::SYS_pidfd_getfd,
        libc::SYS_pidfd_send_signal,
        // Its rings do what the calls above do, past this filter.
        libc::SYS_io_uring_setup,
        libc::SYS_io_uring_enter,
        libc::SYS_bpf,
        libc::SYS_userfaultfd,
        libc::SYS_mount,
        libc::SYS_unshare,
    ];

    /// Their older forms.
    #[cfg(target_arch = "x86_64")]
    const REFUSED_OLD: &[libc::c_long] = &[
        libc::SYS_open,
        libc::SYS_creat,
        libc::SYS_fork,
        libc::SYS_vfork,
    ];
    #[cfg(target_arch = "aarch64")]
    const REFUSED_OLD: &[libc::c_long] = &[];

    /// From now on, opening files, starting programs, reaching into others and anything with a socket is refused
    /// (`EPERM`).
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    pub(super) fn forbid() {
        #[cfg(target_arch = "x86_64")]
        const AUDIT_ARCH: u32 = 0xC000_003E;
        #[cfg(target_arch = "aarch64")]
        const AUDIT_ARCH: u32 = 0xC000_00B7;
        /// Offsets in `seccomp_data`: the call's number and the architecture.
        const NUMBER: u32 = 0;
        const ARCH: u32 = 4;
        const X32: u32 = 0x4000_0000;

        let statement = |code: u32, k: u32| libc::sock_filter {
            code: u16::try_from(code).unwrap_or(0),
            jt: 0,
            jf: 0,
            k,
        };
        let load = libc::BPF_LD | libc::BPF_W | libc::BPF_ABS;
        let answer = libc::BPF_RET | libc::BPF_K;
        let equal = libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K;
        let refuse = libc::SECCOMP_RET_ERRNO | libc::EPERM.unsigned_abs();
        let mut program = vec![
            statement(load, ARCH),
            // Another architecture's calls have other numbers: all refused.
            libc::sock_filter {
                jt: 1,
                ..statement(equal, AUDIT_ARCH)
            },
            statement(answer, refuse),
            statement(load, NUMBER),
            // On x86-64 the same calls have a second set of numbers, those of x32; no other numbers are that high.
            libc::sock_filter {
                jf: 1,
                ..statement(libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K, X32)
            },
            statement(answer, refuse),
        ];
        for call in REFUSED.iter().chain(REFUSED_OLD) {
            program.push(libc::sock_filter {
                jf: 1,
                ..statement(equal, u32::try_from(*call).unwrap_or(u32::MAX))
            });
            program.push(statement(answer, refuse));
        }
        program.push(statement(answer, libc::SECCOMP_RET_ALLOW));
        let filter = libc::sock_fprog {
            len: u16::try_from(program.len()).unwrap_or(0),
            filter: program.as_mut_ptr(),
        };
        // SAFETY: `filter` points to `program`, which lives until both calls have returned. The second one holds for
        // every thread of the process; where filters are not allowed it fails and nothing changes.
        unsafe {
            libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
            libc::syscall(
                libc::SYS_seccomp,
                libc::SECCOMP_SET_MODE_FILTER,
                libc::SECCOMP_FILTER_FLAG_TSYNC,
                &raw const filter,
            );
        }
    }

    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    pub(super) fn forbid() {}
}

#[cfg(all(
    test,
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::fs::File;
    use std::io::Error;
    use std::net::{TcpListener, TcpStream, UdpSocket};
    use std::os::unix::net::UnixStream;
    use std::process::Command;

    const CONFINED: &str = "CROSSWALK_TEST_CONFINED";

    #[track_caller]
    fn is_refused(error: Option<Error>) {
        assert_eq!(
            error.and_then(|error| error.raw_os_error()),
            Some(libc::EPERM)
        );
    }

    /// What the confined process does; as a test of its own it does nothing.
    #[test]
    fn child() {
        if std::env::var_os(CONFINED).is_none() {
            return;
        }
        super::this_process(64 * 1024 * 1024);
        is_refused(TcpStream::connect("127.0.0.1:9").err());
        is_refused(TcpListener::bind("127.0.0.1:0").err());
        is_refused(UdpSocket::bind("127.0.0.1:0").err());
        // How a keyring, a message bus or an agent is reached.
        is_refused(UnixStream::pair().err());
        is_refused(File::open("/etc/passwd").err());
        is_refused(File::create("/tmp/crosswalk-confined").err());
        is_refused(Command::new("/bin/true").spawn().err());
        let parent = i32::try_from(std::os::unix::process::parent_id()).unwrap();
        // SAFETY: plain system calls; a null pointer is what the first would refuse anyway.
        unsafe {
            let ring = libc::syscall(libc::SYS_io_uring_setup, 1, std::ptr::null::<u8>());
            is_refused((ring < 0).then(Error::last_os_error));
            // Signal 0 only asks whether it could be sent.
            let signalled = libc::kill(parent, 0);
            is_refused((signalled < 0).then(Error::last_os_error));
        }
    }

    #[test]
    fn a_confined_process_reaches_nothing() {
        let done = Command::new(std::env::current_exe().unwrap())
            .args(["confine::tests::child", "--exact", "--test-threads=1"])
            .env(CONFINED, "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success() && said.contains("1 passed"), "{said}");
    }
}
