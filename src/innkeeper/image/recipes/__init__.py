"""How images are built: one file a recipe, and below `files/` what recipes put into images."""

from innkeeper.image.recipes.recipe import FILES, Recipe, Site

__all__ = ["FILES", "Recipe", "Site"]
