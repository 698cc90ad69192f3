//! The barrier of many: what comes before is visible after, through the tree; nobody sleeps for ever; a
//! stop frees all.

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use phalanx::__model::{Meet, Patience, Stop, Stopped, WaitPolicy, meet};

struct Shared {
    lines: Vec<Meet>,
    children: Vec<Vec<usize>>,
    stop: Stop,
    cells: Vec<UnsafeCell<usize>>,
}

impl Shared {
    fn new(children: &[&[usize]]) -> Arc<Shared> {
        let n = children.len();
        Arc::new(Shared {
            lines: (0..n).map(|_| Meet::new()).collect(),
            children: children.iter().map(|c| c.to_vec()).collect(),
            stop: Stop::new(),
            cells: (0..n).map(|_| UnsafeCell::new(0)).collect(),
        })
    }
    fn meet(&self, num: usize) -> Result<bool, Stopped> {
        let mut patience = Patience::new(WaitPolicy::passive(), 0);
        let children = self.children[num].iter().copied();
        meet(&self.lines, num, 5, children, &self.stop, &mut patience)
    }
}

fn model(preemptions: usize, children: &'static [&'static [usize]], rounds: usize) {
    let mut b = loom::model::Builder::new();
    b.preemption_bound = Some(preemptions);
    b.check(move || {
        let shared = Shared::new(children);
        let n = children.len();
        let part = move |s: &Shared, num: usize| {
            for round in 1..=rounds {
                // SAFETY: a thread writes its own cell, and the others read it only between the two
                // barriers of a round.
                s.cells[num].with_mut(|p| unsafe { *p = round });
                assert_eq!(s.meet(num), Ok(true));
                for cell in &s.cells {
                    // SAFETY: as above.
                    assert_eq!(cell.with(|p| unsafe { *p }), round);
                }
                if round < rounds {
                    assert_eq!(s.meet(num), Ok(true));
                }
            }
        };
        let others: Vec<_> = (1..n)
            .map(|num| {
                let s = shared.clone();
                loom::thread::spawn(move || part(&s, num))
            })
            .collect();
        part(&shared, 0);
        others.into_iter().for_each(|t| t.join().unwrap());
    });
}

#[test]
fn two_rounds_of_two() {
    model(3, &[&[1], &[]], 2);
}

#[test]
fn a_parent_of_two() {
    model(2, &[&[1, 2], &[], &[]], 1);
}

#[test]
fn a_chain_of_three() {
    model(2, &[&[1], &[2], &[]], 1);
}

#[test]
fn a_stop_frees_who_waits() {
    for waits in [0, 1] {
        loom::model(move || {
            let shared = Shared::new(&[&[1], &[]]);
            let waiter = {
                let s = shared.clone();
                loom::thread::spawn(move || s.meet(waits))
            };
            shared.stop.set();
            shared.lines.iter().for_each(Meet::stop);
            assert_eq!(waiter.join().unwrap(), Err(Stopped));
        });
    }
}
