from django.db import migrations

from annotate.measures import measure

AT_ONCE = 500


def measure_completions(apps, schema_editor):
    Completion = apps.get_model("annotate", "Completion")
    last = 0
    while batch := list(Completion.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        for completion in batch:
            said = (completion.text or "") if completion.messages is None else completion.messages
            completion.characters, completion.words, completion.distinct_words = measure(said)
        Completion.objects.bulk_update(batch, ["characters", "words", "distinct_words"])
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("annotate", "0004_labels_about_themselves")]
    operations = [migrations.RunPython(measure_completions, migrations.RunPython.noop)]
