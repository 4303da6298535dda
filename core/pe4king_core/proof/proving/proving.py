"""Proving tests: the one entrance."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING

from pe4king_core.mock.http.serving import Running
from pe4king_core.proof.proving.addresses import elsewhere
from pe4king_core.proof.proving.choosing import Catalogue
from pe4king_core.proof.proving.described import with_notes
from pe4king_core.proof.proving.director import ProofDirector
from pe4king_core.proof.proving.hosts import other_hosts
from pe4king_core.proof.proving.job import ProofJob, Runner, Watcher
from pe4king_core.proof.proving.serving import Serving
from pe4king_core.proof.proving.survivors import survivors
from pe4king_core.proof.report import ProofReport, TestProof
from pe4king_core.proof.runners.misdeeds import WHOLE
from pe4king_core.proof.running import RunReport

if TYPE_CHECKING:
    from pe4king_core.proof.sandbox.sandbox import Sandbox

_HAS_DATA = {"API_EXISTING_DATA": "1"}
"""What our generated tests ask for where they need data that nobody makes: the server has it."""


def prove(
    job: ProofJob,
    runner: Runner,
    sandbox: AbstractContextManager[Sandbox],
    watcher: Watcher | None = None,
) -> ProofReport:
    """Run the tests of `job` in `sandbox` (entered here) and judge them.

    They are told that the API is at the base path of the first document, where the job names none.
    """
    serving = Serving(job.apis)
    catalogue = Catalogue(serving.conforming, job.kinds, job.enough)
    director = ProofDirector(job, serving, catalogue, watcher)
    request = replace(
        job.request,
        base_path=job.request.base_path or serving.base_path,
        environment={**_HAS_DATA, **job.request.environment},
    )
    with sandbox as box, Running(serving.app, listener=box.listener):
        told = runner.run(request, director, box)
    tests = director.finished()
    proofs = [_with_deeds(each.proof(), told) for each in tests]
    return ProofReport(
        with_notes(proofs, job.sources, job.apis),
        tuple(catalogue.mutants),
        survivors(tests, catalogue.mutants),
        (*told.problems, *elsewhere(serving.prefixes), *other_hosts(proofs, job.apis)),
        told.confinement,
        told.runner,
        sum(each.left_out for each in tests),
        told.harms.get(WHOLE),
    )


def _with_deeds(test: TestProof, told: RunReport) -> TestProof:
    """The proof of a test with what it did beside testing."""
    identity = test.item.id
    harm = test.harm or told.harms.get(identity)
    return replace(test, harm=harm, hosts=told.hosts.get(identity, ()))
