//! Random trees of task loops, reductions, detached tasks and waits, against their sequential twin.

use crate::support::on_teams;
use phalanx::prelude::*;
use std::sync::mpsc::{Sender, channel};

fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 31)).wrapping_mul(0x7fb5_d329_728e_a185);
    (x ^ (x >> 27)).wrapping_mul(0x81da_def4_bc2d_d44d)
}

fn child(seed: u64, k: u64) -> u64 {
    mix(seed.wrapping_add(k + 1))
}

fn width(seed: u64, depth: u32) -> u64 {
    if depth == 0 { 0 } else { (seed >> 7) % 6 }
}

fn sequential(seed: u64, depth: u32) -> u64 {
    let below = (0..width(seed, depth)).map(|k| sequential(child(seed, k), depth - 1));
    below.fold(seed | 1, |sum, b| sum.wrapping_mul(3).wrapping_add(b))
}

/// What all nodes share.
struct World {
    nodes: TaskReduction<ops::BitXor, u64>,
    /// To a thread that belongs to no team.
    device: Sender<TaskEvent>,
    lock: Lock<u64>,
}

fn options(seed: u64) -> TaskLoop {
    let cut = TaskLoop::new();
    match seed >> 30 & 3 {
        0 => cut.grainsize(1),
        1 => cut.num_tasks(2).only_if(seed >> 33 & 3 > 0),
        2 => cut.grainsize(2).strict().final_if(seed >> 33 & 3 == 0),
        _ => cut,
    }
}

fn node(tg: &Task<'_>, seed: u64, depth: u32, world: &World) -> u64 {
    world.nodes.with(|n| *n ^= seed);
    let n = width(seed, depth);
    let mut below = [0; 6];
    let run = |tg: &Task<'_>, k: u64| node(tg, child(seed, k), depth - 1, world);
    let of_nodes = n as usize;
    match seed >> 20 & 7 {
        0 => tg.taskloop(
            options(seed),
            enumerate(&mut below[..of_nodes]),
            |tg, (k, sum)| *sum = run(tg, k as u64),
        ),
        1 => {
            let list = tg.taskloop_reduce(options(seed), 0..n, Append, List(vec![]), |tg, l, k| {
                l.0.push(run(tg, k));
            });
            below[..of_nodes].copy_from_slice(&list.0);
        }
        2 => tg.group(|tg| {
            let each = enumerate(&mut below[..of_nodes]);
            tg.taskloop_nogroup(options(seed), each, |tg, (k, sum)| *sum = run(tg, k as u64));
            tg.task(|tg| tg.event().fulfil());
        }),
        3 => tg.group(|tg| {
            for (k, sum) in below[..of_nodes].iter_mut().enumerate() {
                tg.task_detach(move |tg, event| {
                    *sum = run(tg, k as u64);
                    world.device.send(event).unwrap();
                });
            }
        }),
        4 => taskloop(
            options(seed),
            enumerate(&mut below[..of_nodes]),
            |(k, sum)| {
                taskgroup(|tg| *sum = run(tg, k as u64));
            },
        ),
        5 => world.nodes.with(|_| {
            // Waits with an accumulator in its hands.
            tg.taskloop(
                options(seed),
                enumerate(&mut below[..of_nodes]),
                |tg, (k, sum)| *sum = run(tg, k as u64),
            );
        }),
        6 => tg.group(|tg| {
            for (k, sum) in below[..of_nodes].iter_mut().enumerate() {
                tg.task(move |tg| *sum = run(tg, k as u64));
            }
            let mut held = world.lock.lock();
            *held += taskloop_reduce(options(seed), 0..10, ops::Add, 0, |s, k| *s += k);
        }),
        _ => below[..of_nodes]
            .iter_mut()
            .enumerate()
            .for_each(|(k, sum)| *sum = run(tg, k as u64)),
    }
    let all = below[..of_nodes].iter();
    all.fold(seed | 1, |sum, b| sum.wrapping_mul(3).wrapping_add(*b))
}

struct Append;
struct List(Vec<u64>);
impl Reduce<Append> for List {
    type Shape = ();
    fn shape(&self) {}
    fn identity(_: &()) -> Self {
        List(Vec::new())
    }
    fn combine(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

#[test]
fn random_trees() {
    on_teams(|threads| {
        let (device, events) = channel::<TaskEvent>();
        let serve = std::thread::spawn(move || events.into_iter().for_each(TaskEvent::fulfil));
        let world = World {
            nodes: TaskReduction::new(ops::BitXor, 0),
            device,
            lock: Lock::new(0),
        };
        for seed in 0..if threads > 2 { 40 } else { 80 } {
            let seed = mix(seed + 1);
            let sum = taskgroup(|tg| node(tg, seed, 6, &world));
            assert_eq!(sum, sequential(seed, 6), "seed {seed:#x}");
        }
        drop(world.device);
        serve.join().unwrap();
    });
}
