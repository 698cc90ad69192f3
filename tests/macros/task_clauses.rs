//! Clauses of annotated groups and tasks against sequential twins.

use phalanx::prelude::*;

#[omp]
fn reduced(v: &[f64]) -> (f64, f64, Vec<u32>) {
    let (mut sum, mut largest) = (1.0, 0.0);
    let mut histogram = vec![0; 3];
    let parts = #[taskgroup(task_reduction(+: sum, histogram), task_reduction(max: largest))]
    {
        for part in v.chunks(7) {
            #[task(in_reduction(+: sum, histogram), in_reduction(max: largest))]
            {
                for x in part {
                    sum += x;
                    largest = largest.max(*x);
                    histogram[*x as usize % 3] += 1;
                }
                // A task of the task has a part of its own.
                #[taskgroup]
                {
                    #[task(in_reduction(+: sum))]
                    {
                        sum += 1.0;
                    }
                }
            }
        }
        v.len().div_ceil(7)
    };
    (sum - parts as f64, largest, histogram)
}

#[test]
fn parts_in_a_reduction() {
    let v: Vec<f64> = (0..100).map(f64::from).collect();
    assert_eq!(reduced(&v), (4951.0, 99.0, vec![34, 33, 33]));
    assert_eq!(reduced(&[]), (1.0, 0.0, vec![0, 0, 0]));
}

#[omp]
fn detached(n: u64) -> u64 {
    let done = Atomic::new(0);
    let (send, answers) = std::sync::mpsc::channel::<TaskEvent>();
    std::thread::scope(|s| {
        s.spawn(|| {
            answers.into_iter().for_each(|event| {
                done.add(1);
                event.fulfil();
            })
        });
        #[taskgroup]
        {
            for i in 0..n {
                let send = send.clone();
                #[task(detach(event), if(i > 0))]
                {
                    send.send(event).expect("somebody who listens");
                }
            }
        }
        assert_eq!(done.load(), n);
        drop(send);
    });
    done.into_inner()
}

#[test]
fn events() {
    assert_eq!(detached(20), 20);
}

#[omp]
fn near(blocks: &mut [Vec<u8>], all: &[u8]) -> u8 {
    let first = Atomic::new(0);
    #[taskgroup]
    {
        for block in blocks {
            #[task(affinity(block), priority(1))]
            {
                block.fill(1);
            }
        }
        #[task(affinity(all), untied, mergeable)]
        {
            first.add(all[0]);
        }
    }
    first.into_inner()
}

#[test]
fn affinity() {
    let mut blocks = vec![vec![0; 1000]; 8];
    assert_eq!(near(&mut blocks, &[7; 10]), 7);
    assert!(blocks.iter().flatten().all(|b| *b == 1));
}
