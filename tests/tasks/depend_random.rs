//! Random programs of dependences, against one thread that runs the tasks in the order of their submission.

use crate::support::watched;
use phalanx::prelude::*;
use proptest::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How a task uses an object.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Use {
    In,
    Out,
    InOut,
    Mutex,
    Set,
}

#[derive(Clone, Debug)]
struct Step {
    /// Objects, each once, and how.
    uses: Vec<(usize, Use)>,
    /// 0: undeferred; 1: the body waits for the object first; 2: through a group of its own; else plainly.
    way: u8,
}

const OBJECTS: usize = 5;

/// One object: what ordered tasks fold into, and what tasks in any order add to.
#[derive(Default)]
struct Cell {
    folded: u64,
    added: Atomic<u64>,
}

fn programs() -> impl Strategy<Value = Vec<Step>> {
    let kind = prop_oneof![
        4 => Just(Use::In),
        1 => Just(Use::Out),
        3 => Just(Use::InOut),
        2 => Just(Use::Mutex),
        2 => Just(Use::Set),
    ];
    let uses = prop::collection::btree_map(0..OBJECTS, kind, 0..4);
    let step = (uses, 0..12u8).prop_map(|(uses, way)| Step {
        uses: uses.into_iter().collect(),
        way,
    });
    prop::collection::vec(step, 1..60)
}

/// What task `k` has read is folded into what it writes; sums do not depend on the order.
fn digest(k: usize, read: impl Iterator<Item = (u64, u64)>) -> u64 {
    read.fold(k as u64 + 1, |d, (folded, added)| {
        d.wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .wrapping_add(folded ^ added.rotate_left(17))
    })
}

/// What a task with this digest does to an object that it uses so.
fn change(cell: &mut Cell, how: Use, digest: u64) {
    match how {
        Use::Out => cell.folded = digest,
        Use::InOut => cell.folded = cell.folded.wrapping_mul(31).wrapping_add(digest),
        Use::Mutex => cell.folded = cell.folded.wrapping_add(digest | 1),
        Use::In | Use::Set => unreachable!("they get no `&mut`"),
    }
}

fn see(cell: &Cell) -> (u64, u64) {
    (cell.folded, cell.added.load())
}

/// The task itself. Only `in` is read for the digest: the others of a set may come before or after.
fn task(k: usize, read: &[&Cell], set: &[&Cell], write: &mut [(&mut Cell, Use)]) {
    let d = digest(k, read.iter().map(|c| see(c)));
    set.iter().for_each(|c| c.added.add(d));
    write.iter_mut().for_each(|(c, how)| change(c, *how, d));
}

fn alone(program: &[Step]) -> Vec<(u64, u64)> {
    let mut cells: Vec<Cell> = (0..OBJECTS).map(|_| Cell::default()).collect();
    for (k, step) in program.iter().enumerate() {
        let of = |how| step.uses.iter().filter(move |u| u.1 == how);
        let d = digest(k, of(Use::In).map(|u| see(&cells[u.0])));
        of(Use::Set).for_each(|u| cells[u.0].added.add(d));
        for &(object, how) in &step.uses {
            if !matches!(how, Use::In | Use::Set) {
                change(&mut cells[object], how, d);
            }
        }
    }
    cells.iter().map(see).collect()
}

/// Counts itself while it lives.
struct Counted(Arc<AtomicUsize>);
impl Counted {
    fn new(of: &Arc<AtomicUsize>) -> Self {
        of.fetch_add(1, Ordering::Relaxed);
        Counted(of.clone())
    }
}
impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Runs the program; task `fails`, if there is such a one, panics after it has done its work.
fn in_tasks(program: &[Step], fails: usize, alive: &Arc<AtomicUsize>) -> Vec<(u64, u64)> {
    let mut cells: Vec<Cell> = (0..OBJECTS).map(|_| Cell::default()).collect();
    taskgroup(|tg| {
        let object = tg.deps(&mut cells);
        for (k, step) in program.iter().enumerate() {
            let of = |how| step.uses.iter().filter(move |u| u.1 == how);
            let read: Vec<_> = of(Use::In).map(|u| object[u.0].input()).collect();
            let set: Vec<_> = of(Use::Set).map(|u| object[u.0].inoutset()).collect();
            let writes = step
                .uses
                .iter()
                .filter(|u| !matches!(u.1, Use::In | Use::Set));
            let hows: Vec<Use> = writes.clone().map(|u| u.1).collect();
            let write: Vec<_> = writes
                .map(|&(o, how)| match how {
                    Use::Out => object[o].output(),
                    Use::Mutex => object[o].mutexinoutset(),
                    _ => object[o].inout(),
                })
                .collect();
            if let (1, Some(first)) = (step.way, read.first()) {
                tg.wait_depend(*first, |c| _ = see(c));
            }
            let (nested, counted) = (step.way == 2, Counted::new(alive));
            let options = TaskOptions::new().only_if(step.way != 0);
            tg.task_depend_with(
                options,
                (read, set, write),
                move |tg, (read, set, write)| {
                    let mut write: Vec<_> = write.into_iter().zip(hows).collect();
                    match nested {
                        false => task(k, &read, &set, &mut write),
                        true => tg.group(|tg| tg.task(|_| task(k, &read, &set, &mut write))),
                    }
                    drop(counted);
                    assert!(k != fails, "task {k} fails");
                },
            );
        }
    });
    cells.iter().map(see).collect()
}

fn on_threads<R: Send + 'static>(threads: usize, f: impl FnOnce() -> R + Send + 'static) -> R {
    let (send, receive) = std::sync::mpsc::channel();
    watched(move || {
        let pool = phalanx::Pool::builder()
            .num_threads(threads)
            .build()
            .expect("a pool");
        let _ = send.send(pool.install(f));
    });
    receive.recv().expect("the test has ended")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_order_of_one_thread(program in programs(), threads in prop::sample::select(vec![1, 2, 3, 4, 8])) {
        let expected = alone(&program);
        let got = on_threads(threads, move || {
            let alive = Arc::default();
            (0..5)
                .map(|_| in_tasks(&program, usize::MAX, &alive))
                .collect::<Vec<_>>()
        });
        for got in got {
            prop_assert_eq!(&got, &expected);
        }
    }

    /// The payload arrives, nothing hangs, each closure is dropped.
    #[test]
    fn a_task_fails(program in programs(), which in any::<prop::sample::Index>(), threads in prop::sample::select(vec![1, 2, 4])) {
        let fails = which.index(program.len());
        let (why, left) = on_threads(threads, move || {
            let alive = Arc::default();
            let run = || in_tasks(&program, fails, &alive);
            let why = catch_unwind(AssertUnwindSafe(run)).expect_err("it panics");
            (why.downcast::<String>().ok(), alive.load(Ordering::Relaxed))
        });
        prop_assert_eq!(why.as_deref(), Some(&format!("task {fails} fails")));
        prop_assert_eq!(left, 0);
    }
}
