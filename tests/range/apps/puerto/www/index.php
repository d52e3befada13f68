<?php
require 'comun.php';
cabecera('Inicio'); ?>
<UL><LI><A HREF="barcos.php?eslora=9">Barcos</A><LI><A HREF="amarre.php?codigo=A-01">Amarre</A><LI><A HREF="plantilla.php?vista=normas">Normas</A>
<LI><A HREF="foto.php?nombre=bocana.txt">Foto</A><LI><A HREF="tarifas.php?moneda=EUR">Tarifas</A><LI><A HREF="acceso.php">Acceso</A><LI><A HREF="/cgi-bin/marea?dia=lunes.txt">Mareas</A>
<LI><A HREF="aviso.php?texto=hola">Avisos</A><LI><A HREF="/cgi-bin/calculo?e=3*4">Nudos</A></UL>
<?php pie();
