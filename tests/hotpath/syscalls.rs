//! Counts system calls: a seccomp filter turns each into a signal, and the handler counts.

use std::process::Command;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

/// Set in the environment of the process that counts.
pub const CHILD: &str = "PHALANX_TEST_COUNT_SYSCALLS";
/// Exit codes of that process.
const NO_SECCOMP: i32 = 77;
const CALLS_SEEN: i32 = 1;

static CALLS: AtomicUsize = AtomicUsize::new(0);
static LAST: AtomicI64 = AtomicI64::new(-1);

pub fn hot_fork_calls_no_kernel() {
    if phalanx::num_procs() < 2 {
        println!("skipped: two threads on one processor have to call the kernel");
        return;
    }
    let me = std::env::current_exe().expect("the test knows its own path");
    let run = Command::new(me)
        .env(CHILD, "1")
        .env("OMP_WAIT_POLICY", "active")
        .env_remove("OMP_NUM_THREADS")
        .output()
        .expect("the test can start itself");
    let text = String::from_utf8_lossy(&run.stdout);
    match run.status.code() {
        Some(0) => {}
        Some(NO_SECCOMP) => println!("skipped: this system refuses seccomp filters"),
        code => panic!(
            "exit {code:?}: {text}{}",
            String::from_utf8_lossy(&run.stderr)
        ),
    }
}

/// The counting process: warms up, installs the filter, forks a few thousand times, says how many
/// system calls any of its threads made meanwhile.
pub fn child() -> ! {
    let (x, mut y) = (vec![1.0; 1000], vec![0.0; 1000]);
    let mut rounds =
        |n| (0..n).for_each(|_| _ = std::hint::black_box(super::hot_round(&x, &mut y, 2)));
    rounds(100);
    if !trap_all_calls() {
        std::process::exit(NO_SECCOMP);
    }
    // The trap works, or the count would mean nothing.
    // SAFETY: asks for a number.
    unsafe { libc::syscall(libc::SYS_getppid) };
    let control = CALLS.swap(0, Ordering::SeqCst);
    rounds(2000);
    let calls = CALLS.load(Ordering::SeqCst);
    let text = format!(
        "{calls} system calls in 8000 hot loops (last: {:?})\n",
        LAST
    );
    let code = if calls == 0 && control == 1 {
        0
    } else {
        CALLS_SEEN
    };
    // SAFETY: the text is a valid buffer; `_exit` ends all threads. Both calls are let through.
    unsafe {
        libc::write(1, text.as_ptr().cast(), text.len());
        libc::_exit(code)
    }
}

extern "C" fn count(_: i32, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    CALLS.fetch_add(1, Ordering::SeqCst);
    // SAFETY: the kernel passes a siginfo; its first word after the header of a SIGSYS is the call
    // address (8 bytes), then the number of the call.
    let call = unsafe { *info.cast::<u8>().add(24).cast::<i32>() };
    LAST.store(i64::from(call), Ordering::SeqCst);
}

/// Installs, for all threads, a filter that traps every call but those that the end needs.
fn trap_all_calls() -> bool {
    const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
    const EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
    const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
    let op = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
    let pass = [
        libc::SYS_rt_sigreturn,
        libc::SYS_write,
        libc::SYS_exit_group,
        libc::SYS_exit,
    ];
    let mut program = vec![op(LOAD, 0, 0, 0)];
    for (k, call) in pass.iter().enumerate() {
        let to_allow = (pass.len() - k) as u8;
        program.push(op(EQUAL, to_allow, 0, *call as u32));
    }
    program.push(op(RETURN, 0, 0, libc::SECCOMP_RET_TRAP));
    program.push(op(RETURN, 0, 0, libc::SECCOMP_RET_ALLOW));
    let filter = libc::sock_fprog {
        len: program.len() as u16,
        filter: program.as_mut_ptr(),
    };
    // SAFETY: the handler only touches atomics and its argument; the filter points to a program
    // that outlives the call.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = count as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_NODEFER;
        libc::sigaction(libc::SIGSYS, &action, std::ptr::null_mut());
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            && libc::syscall(
                libc::SYS_seccomp,
                libc::SECCOMP_SET_MODE_FILTER,
                libc::SECCOMP_FILTER_FLAG_TSYNC,
                &filter,
            ) == 0
    }
}
