use phalanx::prelude::*;

#[omp]
fn clauses(v: &mut [f64]) {
    #[taskloop(grainsize(4), num_tasks(8), schedule(dynamic))]
    for x in v.iter_mut() {
        *x = 1.0;
    }
    #[taskloop(strict, nogroup)]
    for x in v.iter_mut() {
        *x = 1.0;
    }
    #[taskloop(grainsize(strict: 4), num_threads(2), nowait, shared(v))]
    for x in v.iter_mut() {
        *x = 1.0;
    }
}

#[omp]
fn races(v: &mut [f64]) -> f64 {
    let mut sum = 0.0;
    #[taskloop(grainsize(4))]
    for i in 0..v.len() {
        sum += v[i];
    }
    #[taskloop]
    for i in 0..v.len() {
        v[i] = 1.0;
    }
    #[taskloop(disjoint(v))]
    for i in 1..v.len() {
        v[i] = v[i - 1];
    }
    #[taskloop]
    for i in 1..v.len() {
        if v[i] > 0.0 {
            break;
        }
    }
    sum
}

#[omp]
fn nobody_waits(v: &[f64]) -> f64 {
    let mut sum = 0.0;
    #[taskgroup]
    {
        #[taskloop(nogroup, reduction(+: sum))]
        for x in v {
            sum += x;
        }
    }
    sum
}

#[omp]
fn on_a_block() {
    #[taskloop]
    {
        println!("once");
    }
}

#[omp]
fn submits_and_reduces(v: &[f64]) -> f64 {
    let mut sum = 0.0;
    #[taskgroup]
    {
        #[taskloop(reduction(+: sum))]
        for x in v {
            sum += x;
            #[task]
            {
                println!("{x}");
            }
        }
    }
    sum
}

#[omp]
fn borrows_a_local(v: &[f64]) {
    let done = Atomic::new(0);
    #[taskloop]
    for x in v {
        let count = Atomic::new(0);
        #[task(shared(count))]
        {
            count.add(*x as u64);
            done.add(1);
        }
    }
}

fn main() {}
