//! The job line: no race on the job or its data, no lost wake-up, no reply before the end.

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use phalanx::__model::{Job, JobLine, Patience, WaitPolicy};

fn patience() -> Patience {
    Patience::new(WaitPolicy::passive(), 0)
}

/// Adds one to the cell that `data` points to; loom reports any unsynchronised access.
unsafe fn add_one(job: &Job, _: &mut Patience) {
    // SAFETY: the primary keeps the cell alive until the line is joined.
    let cell = unsafe { &*job.data.cast::<UnsafeCell<usize>>() };
    // SAFETY: between post and answer the worker alone uses the cell.
    cell.with_mut(|p| unsafe { *p += job.num as usize });
}

/// Explores all orders with up to this many preemptions: beyond three nothing new has been found in
/// such protocols, and the search grows tenfold with each.
fn explore(preemptions: usize, model: impl Fn() + Send + Sync + 'static) {
    let mut b = loom::model::Builder::new();
    b.preemption_bound = Some(preemptions);
    b.check(model);
}

fn job(data: *const UnsafeCell<usize>, num: usize) -> Job {
    Job {
        num: num as u32,
        call: add_one,
        data: data.cast(),
        team: std::ptr::null(),
    }
}

fn rounds(n: usize, preemptions: usize) {
    explore(preemptions, move || {
        let line = Arc::new(JobLine::new());
        let worker = {
            let line = line.clone();
            loom::thread::spawn(move || {
                let mut patience = patience();
                for _ in 0..n {
                    let job = line.take(&mut patience);
                    // SAFETY: `add_one` with a cell that outlives the job.
                    unsafe { (job.call)(&job, &mut patience) };
                    line.answer();
                }
            })
        };
        let cell = UnsafeCell::new(0);
        let data: *const UnsafeCell<usize> = &cell;
        for round in 1..=n {
            // SAFETY: this is the only primary, the line is idle, and it is joined below.
            unsafe { line.post(job(data, round)) };
            line.join(false, &mut patience());
            // SAFETY: joined: the worker is done with the cell.
            let sum = cell.with(|p| unsafe { *p });
            assert_eq!(sum, round * (round + 1) / 2);
        }
        worker.join().unwrap();
    });
}

#[test]
fn one_fork_and_join() {
    rounds(1, 6);
}

#[test]
fn the_line_is_used_again() {
    rounds(2, 3);
}

#[test]
fn two_workers_of_one_primary() {
    explore(2, || {
        let lines: Vec<_> = (0..2).map(|_| Arc::new(JobLine::new())).collect();
        let workers: Vec<_> = lines
            .iter()
            .map(|line| {
                let line = line.clone();
                loom::thread::spawn(move || {
                    let job = line.take(&mut patience());
                    // SAFETY: each worker has a cell of its own.
                    unsafe { (job.call)(&job, &mut patience()) };
                    line.answer();
                })
            })
            .collect();
        let cells = [UnsafeCell::new(0), UnsafeCell::new(0)];
        for (k, line) in lines.iter().enumerate() {
            let data: *const UnsafeCell<usize> = &cells[k];
            // SAFETY: the only primary; idle; joined below.
            unsafe { line.post(job(data, k + 1)) };
        }
        lines.iter().for_each(|l| l.join(false, &mut patience()));
        // SAFETY: both lines are joined.
        let sum: usize = cells.iter().map(|c| c.with(|p| unsafe { *p })).sum();
        assert_eq!(sum, 3);
        workers.into_iter().for_each(|w| w.join().unwrap());
    });
}
