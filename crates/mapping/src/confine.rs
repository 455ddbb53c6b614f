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

/// On Windows the parent puts the worker into a job object; nothing is to be done from inside.
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

    /// From now on, opening files, starting programs and anything with a socket is refused (`EPERM`).
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    pub(super) fn forbid() {
        #[cfg(target_arch = "x86_64")]
        const AUDIT_ARCH: u32 = 0xC000_003E;
        #[cfg(target_arch = "aarch64")]
        const AUDIT_ARCH: u32 = 0xC000_00B7;
        const REFUSED: [libc::c_long; 8] = [
            libc::SYS_socket,
            libc::SYS_socketpair,
            libc::SYS_connect,
            libc::SYS_bind,
            libc::SYS_execve,
            libc::SYS_execveat,
            libc::SYS_openat,
            libc::SYS_ptrace,
        ];
        /// Offsets in `seccomp_data`: the call's number and the architecture.
        const NUMBER: u32 = 0;
        const ARCH: u32 = 4;

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
        ];
        for call in REFUSED {
            program.push(libc::sock_filter {
                jf: 1,
                ..statement(equal, u32::try_from(call).unwrap_or(u32::MAX))
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
