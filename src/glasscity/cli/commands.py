"""The commands, with their arguments; what each does stands in a module of its own.

Those modules are imported by the command that needs them: ``glasscity --version`` must not wait for
a compiler.
"""

from __future__ import annotations

from typing import Annotated

import typer

from glasscity.cli.explain import app as explain
from glasscity.cli.forks import fork
from glasscity.cli.frontier import frontier
from glasscity.cli.options import (
    Absent,
    CheckpointEvery,
    Citizens,
    Cluster,
    CountryName,
    Everyone,
    FrontierFolder,
    Json,
    Layout,
    Months,
    NoReport,
    NoTwin,
    Out,
    Parameters,
    Present,
    RegimeName,
    ReportFolder,
    RunFolder,
    Seed,
    Start,
    Threads,
    Watch,
    names_of,
)
from glasscity.cli.output import show, show_json
from glasscity.cli.pairs import pair
from glasscity.cli.sensitivity import sensitivity
from glasscity.cli.study import study

__all__ = ["app"]

app = typer.Typer(
    name="glasscity",
    help="A laboratory for societies that score their citizens, on synthetic people only.",
    epilog="Start with: glasscity run",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(explain, name="explain")


def _version(asked: bool) -> None:
    if asked:
        from glasscity._version import MODEL_VERSION, __version__

        show([f"glasscity {__version__} (model {MODEL_VERSION})"])
        raise typer.Exit


@app.callback(invoke_without_command=True)
def glasscity(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of whatever goes wrong.")
    ] = False,
) -> None:
    """Show the help where no command was given."""
    if context.invoked_subcommand is None:
        show(context.get_help().splitlines())


@app.command()
def run(
    regime: RegimeName = "citizen-score-2020",
    country: CountryName = "china-2020",
    parameters: Parameters = "central",
    citizens: Citizens = None,
    everyone: Everyone = False,
    months: Months = None,
    start: Start = None,
    seed: Seed = None,
    threads: Threads = None,
    present: Present = None,
    absent: Absent = None,
    out: Out = None,
    no_twin: NoTwin = False,
    no_report: NoReport = False,
    checkpoint_every: CheckpointEvery = None,
    layout: Layout = "auto",
    watch: Watch = None,
    cluster: Cluster = None,
    as_json: Json = False,
) -> None:
    """Run a regime over a made-up society, beside the same people unscored."""
    from glasscity.cli import simulate
    from glasscity.cli.lives import citizens_of

    simulate.run(
        regime,
        country=country,
        parameters=parameters,
        citizens=citizens,
        everyone=everyone,
        months=months,
        start=start,
        seed=seed,
        threads=threads,
        present=present or (),
        absent=absent or (),
        out=out,
        twin=not no_twin,
        report=not no_report,
        watch=citizens_of(watch),
        checkpoint_every=checkpoint_every,
        layout=layout,
        cluster=cluster,
        as_json=as_json,
    )


@app.command()
def rerun(
    folder: RunFolder,
    out: Annotated[
        str | None,
        typer.Option(metavar="FOLDER", help="Keep the new run there; nothing is written without."),
    ] = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Run a stored scenario again and say whether the result is the same, bit for bit."""
    from glasscity.cli import simulate

    simulate.rerun(folder, out=out, threads=threads, as_json=as_json)


@app.command()
def resume(folder: RunFolder, threads: Threads = None, as_json: Json = False) -> None:
    """Go on with a stopped or killed run or pair, to the same bits; check a finished one."""
    from glasscity.cli import simulate

    simulate.resume(folder, threads=threads, as_json=as_json)


app.command()(pair)
app.command()(fork)
app.command()(study)


@app.command()
def regimes(as_json: Json = False) -> None:
    """List the regimes of the catalogue."""
    from glasscity.cli import catalogue

    catalogue.regimes(as_json=as_json)


@app.command()
def countries(as_json: Json = False) -> None:
    """List the countries of the catalogue."""
    from glasscity.cli import catalogue

    catalogue.countries(as_json=as_json)


@app.command()
def parameters(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="Name of the catalogue or a YAML file; without it, list them.",
            autocompletion=lambda: names_of("behaviour"),
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """List the vectors of behaviour, or one's values with grade and range."""
    from glasscity.cli import catalogue

    catalogue.parameters(name, as_json=as_json)


@app.command()
def validate(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A regime, country, behaviour or study in YAML.")
    ],
    as_json: Json = False,
) -> int:
    """Name everything that is wrong with a file of one's own."""
    from glasscity.cli import catalogue

    return catalogue.validate(file, as_json=as_json)


@app.command()
def schema(
    kind: Annotated[str, typer.Argument(metavar="regime|study", help="Of which file.")] = "regime",
    as_json: Json = False,
) -> None:
    """Print the JSON Schema of a regime or study file, for editors."""
    from glasscity.cli import catalogue

    show_json(catalogue.schema(kind))


@app.command()
def society(
    country: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Name of the catalogue or a YAML file.",
            autocompletion=lambda: names_of("country"),
        ),
    ] = "china-2020",
    citizens: Annotated[str, typer.Option(metavar="N", help="From 1.")] = "100000",
    seed: Annotated[
        str | None, typer.Option(metavar="N", help="0 to 2^63-1. Default: 20140614.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare a made-up society with the country's figures."""
    from glasscity.cli import catalogue

    catalogue.society(country, citizens=citizens, seed=seed, as_json=as_json)


@app.command()
def calibrate(
    only_check: Annotated[
        bool,
        typer.Option("--check", help="Hold one vector of behaviour against what is reported."),
    ] = False,
    country: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Name of the catalogue or a YAML file.",
            autocompletion=lambda: names_of("country"),
        ),
    ] = "china-2020",
    parameters: Parameters = "central",
    citizens: Annotated[
        str | None,
        typer.Option(metavar="N", help="From 1. Default: 100000, and 20000 without --check."),
    ] = None,
    seed: Annotated[
        str | None, typer.Option(metavar="N", help="0 to 2^63-1. Default: 20140614.")
    ] = None,
    vectors: Annotated[
        str | None,
        typer.Option(metavar="N", help="Vectors tried in each wave, from 2. Default: 160."),
    ] = None,
    jobs: Annotated[
        str | None, typer.Option(metavar="N", help="Processes; all processors unless given.")
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Where vectors are kept; the same command goes on there. Default: "
            "runs/calibration.",
        ),
    ] = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Search the vectors of behaviour that agree with what is reported, or check one.

    With --check: three columns, what is fitted in society, what is fitted in the reach of rules,
    and what is predicted; it fails where one of the first two is not met. Without: history
    matching, in waves, until a hundred vectors agree, each confirmed on a fresh seed.
    """
    from glasscity.cli import calibrate as command

    if only_check:
        command.refuse_with_check(vectors=vectors, jobs=jobs, out=out)
        command.check(
            country=country,
            parameters=parameters,
            citizens=citizens,
            seed=seed,
            threads=threads,
            as_json=as_json,
        )
        return
    command.match(
        country=country,
        parameters=parameters,
        citizens=citizens,
        seed=seed,
        vectors=vectors,
        jobs=jobs,
        out=out,
        threads=threads,
        as_json=as_json,
    )


@app.command()
def evidence(
    regime: Annotated[
        str,
        typer.Argument(
            metavar="REGIME",
            help="Name of the catalogue or a YAML file.",
            autocompletion=lambda: names_of("regime"),
        ),
    ] = "citizen-score-2020",
    sweep: Annotated[
        bool,
        typer.Option(
            "--sweep",
            help="Move every assumed number to its ends and show what each measure hangs on.",
        ),
    ] = False,
    country: Annotated[
        str, typer.Option(metavar="NAME", autocompletion=lambda: names_of("country"))
    ] = "china-2020",
    parameters: Parameters = "central",
    citizens: Annotated[
        str | None, typer.Option(metavar="N", help="Of each world of the sweep. Default: 8000.")
    ] = None,
    months: Annotated[str | None, typer.Option(metavar="N", help="Default: the regime's.")] = None,
    seed: Annotated[
        str | None, typer.Option(metavar="N", help="0 to 2^63-1. Default: 20140614.")
    ] = None,
    jobs: Annotated[
        str | None, typer.Option(metavar="N", help="Processes; all processors unless given.")
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Where the sweep's worlds are kept; the same command goes on there. Default: "
            "runs/evidence.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what a run rests on: the grades of its values, and what moves each measure most."""
    from glasscity.cli import evidence as command

    given = {"citizens": citizens, "months": months, "seed": seed}
    command.show_evidence(
        regime,
        country=country,
        parameters=parameters,
        fields={name: value for name, value in given.items() if value is not None},
        sweep=sweep,
        jobs=jobs,
        out=out,
        as_json=as_json,
    )


@app.command()
def article5(
    regime: Annotated[
        str,
        typer.Argument(
            metavar="REGIME|FOLDER",
            help="Name of the catalogue, a YAML file, or a run folder.",
            autocompletion=lambda: names_of("regime"),
        ),
    ] = "citizen-score-2020",
    country: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Default: china-2020.",
            autocompletion=lambda: names_of("country"),
        ),
    ] = None,
    parameters: Annotated[
        str | None, typer.Option(metavar="NAME", help="Default: central.")
    ] = None,
    citizens: Annotated[
        str | None, typer.Option(metavar="N", help="From 1; 1e6 is understood. Default: 100000.")
    ] = None,
    months: Annotated[
        str | None, typer.Option(metavar="N", help="From 1; the regime's own unless given.")
    ] = None,
    start: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="The regime's own unless given.")
    ] = None,
    seed: Annotated[
        str | None, typer.Option(metavar="N", help="0 to 2^63-1. Default: 20140614.")
    ] = None,
    present: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="NAME:strength=X", help="As for 'run'. May be repeated."),
    ] = None,
    absent: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="NAME", help="As for 'run'. May be repeated."),
    ] = None,
    alone: Annotated[
        bool,
        typer.Option("--alone", help="Run no other regime to compare with, and nothing after it."),
    ] = False,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Where the runs are kept; the same command goes on there. Default: runs/article5.",
        ),
    ] = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Measure Article 5(1)(c) of the EU AI Act in a regime: unrelated context, disproportion.

    Runs the regime beside the same people unscored, under a credit bureau, under the court's list
    of 2013, and unscored for 24 months longer; then measures each condition of the rule. Nothing
    is run twice. A measurement to argue from, not legal advice.
    """
    from glasscity.cli import article5 as command

    command.article5(
        regime,
        fields={
            "country": country,
            "parameters": parameters,
            "citizens": citizens,
            "months": months,
            "start": start,
            "seed": seed,
        },
        present=present or (),
        absent=absent or (),
        compare=not alone,
        threads=threads,
        out=out,
        as_json=as_json,
    )


@app.command()
def report(folder: ReportFolder, frontier: FrontierFolder = None, as_json: Json = False) -> None:
    """Write the report of a run, a pair or a study anew into its folder: report.html.

    For a pair and a study the same stands in report.json beside it, as data.
    """
    from glasscity.cli import stored

    stored.report(folder, frontier=frontier, as_json=as_json)


@app.command()
def life(
    folder: RunFolder,
    citizen: Annotated[str, typer.Argument(metavar="CITIZEN", help="A citizen's number, from 0.")],
    chart: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Draw the life into a file: .svg, .png or .html."),
    ] = None,
    what_if: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="Change one thing and tell both lives: spoke, kept_silent, other_friends, "
            "paid_late, paid_on_time, error_corrected.",
        ),
    ] = None,
    month: Annotated[
        str | None,
        typer.Option(metavar="M", help="With --what-if, from when on: 60, or 2019-06."),
    ] = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Retell a citizen's life, month by month, with the reason for every change.

    What happened, what was recorded, each change of score with its exact parts, what was refused
    and but for which cause it would have been granted. The run is made again to watch it, unless
    'run --watch' kept that life.
    """
    from glasscity.cli import lives

    if what_if is not None or month is not None:
        from glasscity.cli import what_ifs

        what_ifs.what_if(
            folder,
            citizen,
            kind=what_if,
            month=month,
            chart=chart,
            threads=threads,
            as_json=as_json,
        )
        return
    lives.life(folder, citizen, chart=chart, threads=threads, as_json=as_json)


@app.command()
def find(
    folder: RunFolder,
    filter_: Annotated[
        str,
        typer.Argument(
            metavar="FILTER",
            help="wrongly-listed, fell-through-friends, silent-critic, child-shut-out, or "
            "several joined with +.",
        ),
    ],
    limit: Annotated[str, typer.Option(metavar="N", help="How many at most, from 1.")] = "10",
    as_json: Json = False,
) -> None:
    """Find citizens whose lives are worth retelling.

    wrongly-listed: on a list for a recording error alone, longest first. fell-through-friends:
    refused what they would have got but for their ties, most first. silent-critic: silent, would
    criticise if unafraid, most critical first. child-shut-out: own children shut out of school for
    a parent's record, most months first. Joined with + all must hold; the first gives the order.
    """
    from glasscity.cli import lives

    lives.find(folder, filter_, limit=limit, as_json=as_json)


app.command()(sensitivity)
app.command()(frontier)


@app.command()
def bench(
    citizens: Annotated[
        str, typer.Option(metavar="N,N", help="Sizes to measure, one after the other.")
    ] = "1e5,1e6",
    months: Annotated[
        str | None,
        typer.Option(metavar="N", help="Months of each kind, 1 to 84. Default: 12."),
    ] = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Time a month on this machine, beside a bare month that does nothing with the same data."""
    from glasscity.cli import bench as command

    command.bench(citizens=citizens, months=months, threads=threads, as_json=as_json)


@app.command()
def serve(
    port: Annotated[
        str, typer.Option(metavar="P", help="Port to listen on; 0: any that is free.")
    ] = "8440",
    runs: Annotated[
        str, typer.Option(metavar="FOLDER", help="Folder of the runs; made if it is not there.")
    ] = "runs",
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the browser.")] = False,
    host: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="Address to listen on; beyond this machine, a token."),
    ] = "127.0.0.1",
    name: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A further name of this machine that callers use."),
    ] = None,
    no_example: Annotated[
        bool, typer.Option("--no-example", help="Make no example run where there is none.")
    ] = False,
) -> None:
    """Open the explorer: runs as pages in the browser, and a JSON API; Ctrl-C ends it.

    It answers this machine alone unless --host says otherwise, and then asks for a token, which is
    part of the address that it prints.
    """
    from glasscity.cli import serve as command

    command.serve(
        port=port,
        runs=runs,
        open_browser=not no_open,
        host=host,
        names=name or (),
        example=not no_example,
    )
