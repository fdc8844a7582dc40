"""Open a project in QGIS and say, as JSON, what QGIS made of it.

Runs under the system's Python, which alone has PyQGIS: look.py PROJECT OUT_FOLDER.
"""

import json
import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemScaleBar,
    QgsMapLayer,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsRenderContext,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

CANVAS = (1200, 900)


def faults(project, read):
    """List what is wrong, above all what QGIS itself passes over."""
    found = [] if read else [f"not read: {project.error()}"]
    if not project.crs().isValid():
        found.append("the project has no CRS")
    root = project.layerTreeRoot()
    found += [
        f"dead entry in the tree: {entry.name()}"
        for entry in root.findLayers()
        if entry.layer() is None
    ]
    if None in root.checkedLayers():
        found.append("a layer that is switched on does not resolve")
    in_tree = {entry.layerId() for entry in root.findLayers()}
    for layer in project.mapLayers().values():
        if not layer.isValid():
            found.append(f"{layer.name()} is not valid")
        if layer.isSpatial() and not layer.crs().isValid():
            found.append(f"{layer.name()} has no CRS")
        if layer.id() not in in_tree:
            found.append(f"{layer.name()} is not in the tree")
    return found


def in_context(layer, feature):
    scopes = QgsExpressionContextUtils.globalProjectLayerScopes(layer)
    context = QgsExpressionContext(scopes)
    context.setFeature(feature)
    context.setFields(layer.fields())
    return context


def chosen_rules(layer):
    """Return, feature by feature, its key and the keys of the rules that are drawn."""
    renderer = layer.renderer().clone()
    if renderer.type() != "RuleRenderer":
        return []
    context = QgsRenderContext()
    context.setExpressionContext(
        QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    )
    renderer.startRender(context, layer.fields())
    rows = []
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        keys = sorted(renderer.legendKeysForFeature(feature, context))
        rows.append([feature.attribute(1), keys])
    renderer.stopRender(context)
    return rows


def texts(layer):
    """Return, feature by feature, the label and the map tip as QGIS makes them."""
    rows = []
    for feature in layer.getFeatures():
        context = in_context(layer, feature)
        label = None
        if layer.labelsEnabled():
            settings = layer.labeling().settings()
            expression = QgsExpression(settings.getLabelExpression().expression())
            label = expression.evaluate(context)
        tip = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)
        rows.append([feature.attribute(1), label, tip])
    return rows


def first_order(layer, fields):
    """Return some fields of a table's rows in the order in which its table opens."""
    config = layer.attributeTableConfig()
    if not config.sortExpression():
        return []
    expression = QgsExpression(config.sortExpression())
    rows = [
        (expression.evaluate(in_context(layer, feature)), [feature[name] for name in fields])
        for feature in layer.getFeatures()
    ]
    if expression.hasParserError() or expression.hasEvalError() or config.sortOrder() != 0:
        return []
    return [values for _, values in sorted(rows, key=lambda row: row[0])]


def settings_of(project, layers):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(project.crs())
    settings.setOutputSize(QSize(*CANVAS))
    settings.setBackgroundColor(QColor("white"))
    settings.setExtent(project.viewSettings().defaultViewExtent())
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextUtils.globalScope())
    context.appendScope(QgsExpressionContextUtils.projectScope(project))
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(context)
    return settings


def draw(settings, path):
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(str(path))
    return image, [error.message for error in job.errors()]


def share_inked(image):
    white = QColor("white").rgb()
    step = 3
    pixels = [
        image.pixel(x, y) != white
        for x in range(0, image.width(), step)
        for y in range(0, image.height(), step)
    ]
    return sum(pixels) / len(pixels)


def colours_at(project, settings, image, points):
    """Return the colours of the pixels at points in degrees."""
    transform = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:4490"), project.crs(), project
    )
    found = []
    for lon, lat in points:
        pixel = settings.mapToPixel().transform(transform.transform(QgsPointXY(lon, lat)))
        found.append(QColor(image.pixel(int(pixel.x()), int(pixel.y()))).getRgb()[:3])
    return found


def sample(project, out, *, layer, points, across_m=None):
    """Draw one layer alone, without smoothing or labels, and return its colours at points.

    With `across_m` the view is a square of that width about the points.
    """
    settings = settings_of(project, [project.mapLayer(f"steppe_layer_{layer}")])
    settings.setFlag(QgsMapSettings.DrawLabeling, on=False)
    settings.setFlag(QgsMapSettings.Antialiasing, on=False)
    if across_m:
        settings.setOutputSize(QSize(1000, 1000))
        settings.setOutputDpi(300)
        to_project = QgsCoordinateTransform(
            QgsCoordinateReferenceSystem("EPSG:4490"), project.crs(), project
        )
        middle = to_project.transform(QgsPointXY(*points[len(points) // 2]))
        settings.setExtent(QgsRectangle.fromCenterAndSize(middle, across_m, across_m))
    image, _ = draw(settings, out / f"{layer}.png")
    return colours_at(project, settings, image, points)


def item_boxes(layout):
    """Return every item's kind, id and box in millimetres on the page."""
    names = {
        QgsLayoutItemMap: "map",
        QgsLayoutItemLegend: "legend",
        QgsLayoutItemScaleBar: "scale bar",
        QgsLayoutItemLabel: "label",
    }
    rows = []
    for item in layout.items():
        if type(item) not in names:
            continue
        box = item.mapRectToScene(item.rect())
        row = {
            "kind": names[type(item)],
            "id": item.id(),
            "box": [box.left(), box.top(), box.right(), box.bottom()],
        }
        if isinstance(item, QgsLayoutItemMap):
            extent = item.extent()
            row |= {
                "extent": [
                    *(extent.xMinimum(), extent.yMinimum()),
                    *(extent.xMaximum(), extent.yMaximum()),
                ],
                "layers": [layer.id() for layer in item.layers()],
                "marks": [
                    mark.linkedMap().id() for mark in item.overviews().asList() if mark.linkedMap()
                ],
            }
        if isinstance(item, QgsLayoutItemLabel):
            row |= {
                "text": item.currentText(),
                "font": item.font().family(),
                "needed": [item.sizeForText().width(), item.sizeForText().height()],
            }
        rows.append(row)
    return rows


def export(layout, path):
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = 150
    settings.generateWorldFile = False
    settings.exportMetadata = False
    return QgsLayoutExporter(layout).exportToImage(str(path), settings) == QgsLayoutExporter.Success


def bare(folder, names):
    """Open layers outside any project: only what lies in or beside the files styles them."""
    found = {}
    for name in names:
        layer = QgsVectorLayer(f"{folder}/plan.gpkg|layername={name}", name, "ogr")
        found[name] = {
            "renderer": layer.renderer().type(),
            "labels": layer.labelsEnabled(),
            "chosen": chosen_rules(layer),
            "aliases": {field.name(): field.alias() for field in layer.fields()},
        }
    for path in sorted((folder / "rasters").glob("*.tif")):
        raster = QgsRasterLayer(str(path), path.stem)
        found[path.stem] = {"renderer": raster.renderer().type()}
    return found


def look(project_path, out):
    project = QgsProject.instance()
    read = project.read(str(project_path))
    asked = out / "job.json"
    job = json.loads(asked.read_text()) if asked.exists() else {}
    root = project.layerTreeRoot()
    report = {"faults": faults(project, read), "title": project.title(),
              "relative": "./plan.gpkg" in "".join(
                  project.writePath(layer.source()) for layer in project.mapLayers().values()),
              "crs": project.crs().toWkt()[:40],
              "groups": [child.name() for child in root.children()],
              "themes": project.mapThemeCollection().mapThemes(),
              "abstract": project.metadata().abstract()}  # fmt: skip
    report["bare"] = bare(Path(project_path).parent, job.get("bare", []))
    if report["faults"] or job.get("brief"):
        return report
    report["layers"] = {}
    for layer in project.mapLayers().values():
        name = layer.id().rpartition("steppe_layer_")[2]
        seen = {
            "title": layer.name(),
            "crs": layer.crs().authid(),
            "shown": root.findLayer(layer).isVisible(),
            "rights": layer.metadata().rights(),
        }
        if layer.type() == QgsMapLayer.VectorLayer:
            seen |= {
                "count": layer.featureCount(),
                "aliases": {field.name(): field.alias() for field in layer.fields()},
            }
            if layer.isSpatial():
                seen |= {"chosen": chosen_rules(layer), "texts": texts(layer)}
            elif name in job.get("sorted", {}):
                seen["sorted"] = first_order(layer, job["sorted"][name])
        report["layers"][name] = seen
    shown = settings_of(project, root.checkedLayers())
    image, report["errors"] = draw(shown, out / "canvas.png")
    report["inked"] = share_inked(image)
    everything = settings_of(
        project, [entry.layer() for entry in root.findLayers() if entry.layer().isSpatial()]
    )
    draw(everything, out / "everything.png")
    report["samples"] = [sample(project, out, **wanted) for wanted in job.get("samples", [])]
    collection = project.mapThemeCollection()
    for number, theme in enumerate(collection.mapThemes()):
        settings = settings_of(project, collection.mapThemeVisibleLayers(theme))
        draw(settings, out / f"theme_{number}.png")
    report["layouts"] = {}
    for layout in project.layoutManager().layouts():
        exported = export(layout, out / "layout.png")
        report["layouts"][layout.name()] = {"exported": exported, "items": item_boxes(layout)}
    return report


if __name__ == "__main__":
    application = QgsApplication([], GUIenabled=False)
    application.initQgis()
    folder = Path(sys.argv[2])
    (folder / "report.json").write_text(
        json.dumps(look(Path(sys.argv[1]), folder), ensure_ascii=False, default=str),
        encoding="utf-8",
    )
    application.exitQgis()
